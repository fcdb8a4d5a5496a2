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

DAYS = st.sampled_from([date(2019, 1, 1), date(2024, 6, 1), date(2025, 3, 1), date(2026, 3, 18)])
SEEN = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PAIRS = [
    (credit_code(1), "青禾运营有限公司"),
    (credit_code(2), "星澜运营有限公司"),
    (credit_code(9), "新运营公司"),
]

facts = st.fixed_dictionaries(
    {"valid_from": DAYS, "basis": st.just("批复")},
    optional={
        "kind": st.sampled_from(["incubator", "makerspace"]),
        "carrier_class": st.sampled_from(["comprehensive", "specialised"]),
        "field": st.sampled_from(["bio", "ict"]),
        "designation": st.sampled_from(["offshore", "enclave"]),
        "level": st.sampled_from(["省级", "国家级", "标准级", "市级"]),
        "region": st.sampled_from(["河湾区", "990503", "西江市临水区", "无此区"]),
        "home_region": st.just("西江市"),
        "area_total": st.sampled_from([Decimal("100"), Decimal("10.50")]),
        "area_tenants": st.sampled_from([Decimal("20"), Decimal("5")]),
        "address": st.sampled_from(["甲路 1 号", "乙路 2 号"]),
        "state": st.sampled_from(["active", "suspended"]),
        "listed_year": st.sampled_from(["2020", "2023", "二〇"]),
    },
)
operators = st.sampled_from([*PAIRS, (credit_code(1), "错名公司")])
codes = st.sampled_from(["", "SL-990500-0001", "SL-990500-0002", "SL-990600-0001", "SL-990600-0009"])
names = st.sampled_from(
    ["青禾孵化器", "晨光众创空间", "星澜孵化器", "新港孵化器", "远山孵化器", "旧港孵化器"]
)


def carrier_row(code: str, name: str, run_by: Any, said: dict[str, Any], *, basis: bool) -> dict[str, Any]:
    known = {"name": name, **({"code": code} if code else {})}
    if run_by:
        known |= {"credit_code": run_by[0], "operator": run_by[1]}
    if not code:
        known |= {
            "kind": "incubator",
            "carrier_class": "comprehensive",
            "region": "河湾区",
            "listed_year": "2025",
        }
    return {
        **known,
        **{key: value for key, value in said.items() if basis or key not in ("valid_from", "basis")},
    }


carrier_rows = st.lists(
    st.builds(
        carrier_row, codes, names, st.none() | operators, facts,
        basis=st.sampled_from([True, True, True, False]),
    ),
    min_size=1, max_size=5,
)  # fmt: skip
stay_rows = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.sampled_from(["SL-990500-0001", "SL-990500-0002"]),
            "credit_code": st.sampled_from([credit_code(n) for n in (101, 102, 300, 301)]),
            "entered": DAYS,
        },
        optional={
            "name": st.sampled_from(["甲科技公司", "乙生物公司", "丁公司"]),
            "founded": st.sampled_from([date(2018, 1, 1), date(2024, 1, 1)]),
            "field": st.sampled_from(["bio", "ict"]),
            "ended": DAYS,
            "graduated_by": st.sampled_from(["unstated", "revenue"]),
        },
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
