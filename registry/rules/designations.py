"""The vocabulary of designations (标杆引领, 标杆培育, 未来产业科技园, 科创飞地): titles beside the level.

Its rows are data, each word with its days, as those of levels; a carrier holds at most one at a time. An
enclave (科创飞地) is a designation that names besides for whom it is kept, and outside the tree of regions
where it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.problems import Problem
from core.text import T
from registry.rules.levels import Term, Terms, held_on, told_on
from registry.rules.vocabulary import DESIGNATIONS

ENCLAVE = "enclave"
LONGEST_PLACE = 60
_ENGLISH = {
    "benchmark_leading": "Benchmark (leading)",
    "benchmark_nurturing": "Benchmark (in cultivation)",
    "future_park": "Future-industry science park",
    "enclave": "Innovation enclave",
    "offshore": "Offshore incubator",
}
# What an installation begins with; the table decides as soon as it has rows.
FIRST: Terms = tuple(
    Term(code, str(DESIGNATIONS[code]), english, rank, "province")
    for rank, (code, english) in enumerate(_ENGLISH.items(), start=1)
)


def chosen(terms: Terms, given: str, day: date) -> tuple[str, Problem | None]:
    """The code of a designation given by code or by word of the day; empty takes one away. With the reason
    why it cannot be decided on this day."""
    if not given:
        return "", None
    held = held_on(terms, day)
    found = next((one for one in held if given in (one.code, one.name)), None)
    if found:
        return found.code, None
    allowed = "、".join(one.name for one in held)
    known = [one for one in terms if given in (one.code, one.name)]
    if not known:
        words = T("没有这个称号。")
        return "", Problem("carrier.designation", words, field="designation", found=given, allowed=allowed)
    name = told_on(terms, day)[known[0].code].name
    words = T("{day} 没有“{name}”这个称号。", day=day.isoformat(), name=name)
    problem = Problem("carrier.designation_day", words, field="designation", found=given, allowed=allowed)
    return known[0].code, problem


def enclave_faults(facts: Mapping[str, Any], *, home_path: str, host_path: str) -> Iterator[Problem]:
    """An enclave lies outside the region that keeps it. `host_path` is that of the carrier's own region; one
    that lies beyond the tree names its place, and is looked after by the region that keeps it."""
    if facts["designation"] != ENCLAVE or not home_path:
        return
    beyond = bool(facts["host_place"])
    inside = host_path.startswith(home_path)
    if inside and not beyond:
        yield Problem(
            "carrier.enclave_at_home",
            T("科创飞地不能在派出地之内。"),
            field="home_region",
            fix=T("设在省外的，请填写所在地名称。"),
        )
    if beyond and not inside and not home_path.startswith(host_path):
        yield Problem(
            "carrier.enclave_elsewhere",
            T("省外的飞地由派出地管理，载体的登记区域应在派出地之内。"),
            field="home_region",
        )


def place_faults(place: str) -> Iterator[Problem]:
    """Where it is, in words, when no region of the tree is meant."""
    if len(place) > LONGEST_PLACE or any(ord(sign) < 32 for sign in place):
        words = T("所在地名称最多 {n} 个字，不含控制字符。", n=str(LONGEST_PLACE))
        yield Problem("carrier.host_place", words, field="host_place", found=place[:LONGEST_PLACE])
