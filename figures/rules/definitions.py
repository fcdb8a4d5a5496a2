"""What each published figure counts. A figure without year, as-of day, base and source is worthless."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.text import T, Text


class Source(StrEnum):
    """Where a value comes from; each has one computation in `figures.services.computing`."""

    REGISTER = "register"
    RETURNS = "returns"
    RESULTS = "results"


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition: `places` decimals are kept; `meaning` is the sentence of the definition."""

    code: str
    title: Text
    unit: Text
    meaning: Text
    source: Source
    places: int = 0
    parts: bool = False  # has a breakdown by kind


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "carriers",
        T("创业载体"),
        T("家"),
        T("年末列入统计的科技企业孵化器和众创空间，加速器、大学科技园、产业园不计入"),
        Source.REGISTER,
        parts=True,
    ),
    Definition(
        "tenants",
        T("在孵企业和创业团队"),
        T("家（个）"),
        T("年末在列统载体内的在孵企业和创业团队，按各载体报表名单合计"),
        Source.RETURNS,
        parts=True,
    ),
    Definition(
        "new_tenants",
        T("当年新增在孵企业和团队"),
        T("家（个）"),
        T("当年入驻列统载体的企业和团队"),
        Source.RETURNS,
        parts=True,
    ),
    Definition(
        "employed",
        T("从业人员"),
        T("人"),
        T("年末在孵企业和创业团队的从业人员"),
        Source.RETURNS,
        parts=True,
    ),
    Definition(
        "grade_a_share",
        T("优秀率"),
        T("%"),
        T("年度绩效评价中评为优秀（A）的占参评载体的比例，已公布结果"),
        Source.RESULTS,
        places=1,
    ),
)
BY_CODE = {definition.code: definition for definition in DEFINITIONS}
