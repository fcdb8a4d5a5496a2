"""Whatever stands in a file: the look and the writing agree, and the file read again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from core.workbook.tables import Line, Lines
from registry.excel.register import COLUMNS, NAMES
from registry.models import Carrier, Stay
from registry.services import bulk
from tests.registry.world import AT, World, credit_code
from tests.reporting.workbooks import whole_database

LIKELY = [date(2019, 1, 1), date(2024, 6, 1), date(2025, 3, 1), date(2026, 3, 18)]
SEEN = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FIRST, SECOND = (credit_code(1), "青禾运营有限公司"), (credit_code(2), "星澜运营有限公司")
NEW = (credit_code(9), "新运营公司")
# Mostly sound: a carrier's code, its name or another, its operator or another.
BODIES = st.sampled_from([
    ("SL-990500-0001", "青禾孵化器", FIRST), ("SL-990500-0001", "青禾二号孵化器", None),
    ("SL-990500-0001", "青禾孵化器", NEW), ("SL-990500-0002", "晨光众创空间", None),
    ("SL-990500-0002", "晨光众创空间", SECOND), ("SL-990600-0001", "星澜孵化器", FIRST),
    ("", "新港孵化器", NEW), ("", "远山孵化器", SECOND), ("", "青禾孵化器", FIRST), ("", "临溪孵化器", None),
    ("SL-990500-0001", "星澜孵化器", None), ("SL-990500-0009", "无此载体", None),
    ("", "近山孵化器", (credit_code(1), "错名公司")),
])  # fmt: skip
FACTS: list[dict[str, Any]] = [
    {"kind": "incubator"}, {"kind": "makerspace"}, {"carrier_class": "specialised", "field": "bio"},
    {"field": "ict"}, {"designation": "offshore"}, {"designation": "enclave", "home_region": "西江市"},
    {"level": "省级"}, {"level": "国家级"}, {"level": "标准级"}, {"region": "990503"},
    {"region": "西江市临水区"}, {"address": "甲路 1 号"},
    {"area_total": Decimal("100")}, {"area_total": Decimal("100.50"), "area_tenants": Decimal("20")},
    {"area_tenants": Decimal("5")}, {"address": "乙路 2 号"}, {"state": "suspended"},
    {"listed_year": "2020"}, {"listed_year": "2023"}, {"region": "无此区"}, {"designation": "enclave"},
]  # fmt: skip
BASED = {"kind": "incubator", "carrier_class": "comprehensive", "region": "河湾区", "listed_year": "2025"}


def carrier_row(body: tuple[str, str, Any], facts: list[dict[str, Any]], day: date | None) -> dict[str, Any]:
    code, name, run_by = body
    row: dict[str, Any] = {"name": name, **({"code": code} if code else BASED)}
    row |= {"credit_code": run_by[0], "operator": run_by[1]} if run_by else {}
    for one in facts:
        row |= one
    return row | ({"valid_from": day, "basis": "批复"} if day else {})


carrier_rows = st.lists(
    st.builds(
        carrier_row, BODIES, st.lists(st.sampled_from(FACTS), max_size=2), st.sampled_from([*LIKELY, None])
    ),
    min_size=1, max_size=5,
)  # fmt: skip
TENANTS = [
    (credit_code(101), "甲科技公司"), (credit_code(101), "甲集团公司"), (credit_code(102), "乙生物公司"),
    (credit_code(300), "丁公司"), (credit_code(301), "戊公司"), (credit_code(302), ""),
]  # fmt: skip
SAID: list[dict[str, Any]] = [
    {"founded": date(2018, 1, 1)}, {"field": "bio"}, {"field": "ict"}, {"ended": date(2025, 12, 1)},
    {"ended": date(2025, 6, 1), "graduated_by": "unstated"}, {"ended": date(2020, 1, 1)},
    {"ended": date(2025, 6, 1), "graduated_by": "revenue"}, {"graduated_by": "revenue"},
]  # fmt: skip


def stay_row(code: str, tenant: tuple[str, str], entered: date, said: list[dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {"code": code, "credit_code": tenant[0], "entered": entered}
    row |= {"name": tenant[1]} if tenant[1] else {}
    for one in said:
        row |= one
    return row


stay_rows = st.lists(
    st.builds(
        stay_row, st.sampled_from(["SL-990500-0001", "SL-990500-0002"]), st.sampled_from(TENANTS),
        st.sampled_from(LIKELY), st.lists(st.sampled_from(SAID), max_size=2),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def read(sheet: str, rows: list[dict[str, Any]]) -> Lines:
    at = {column.code: number for number, column in enumerate(COLUMNS[sheet], start=1)}
    return Lines([Line(NAMES[sheet], number, row, at) for number, row in enumerate(rows, start=2)])


@contextmanager
def undone() -> Iterator[None]:
    """Each example begins with the same register."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def hold_properties(
    world: World, sheet: str, rows: list[dict[str, Any]], after: Callable[[Any], None]
) -> None:
    actor, subject, lines = world.people["province"], bulk.SUBJECTS[sheet], read(sheet, rows)
    with undone():
        before = whole_database()
        looked = subject.look(actor=actor, read=lines, at=AT)
        assert whole_database() == before
        plan, held = subject.hold(actor=actor, read=lines, at=AT)
        assert bulk.changes_of(plan) == bulk.changes_of(looked)
        assert bulk.report_of(plan) == bulk.report_of(looked)
        assert sum(plan.counts.values()) == len(rows)
        event(f"new {bool(plan.new)}, changed {bool(plan.changed)}, bad {bool(plan.bad)}")
        subject.write(actor=actor, found=plan, held=held, at=AT, told={})
        after(plan)
        good = [row for number, row in enumerate(rows, start=2) if number not in plan.bad]
        again = subject.look(actor=actor, read=read(sheet, good), at=AT)
        assert again.counts == {"new": 0, "changed": 0, "same": len(good), "bad": 0}, again.problems


@pytest.mark.django_db
@SEEN
@given(rows=carrier_rows)
def test_a_file_of_carriers(world: World, rows: list[dict[str, Any]]) -> None:
    count = Carrier.objects.count()

    def after(plan: Any) -> None:
        assert Carrier.objects.count() == count + len(plan.new)

    hold_properties(world, "carriers", rows, after)


@pytest.mark.django_db
@SEEN
@given(rows=stay_rows)
def test_a_file_of_stays(world: World, rows: list[dict[str, Any]]) -> None:
    count = Stay.objects.count()

    def after(plan: Any) -> None:
        assert Stay.objects.count() == count + len(plan.new)

    hold_properties(world, "stays", rows, after)
