"""Dated facts: what held on a day, and what a back-dated change does to later days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.rules.history import Dated, as_of, recorded

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FIRST = Dated(date(2020, 1, 1), NOON, {"name": "甲", "level": "none"})


def test_nothing_held_before_the_first_day() -> None:
    assert as_of([FIRST], date(2019, 12, 31)) is None
    assert as_of([FIRST], date(2020, 1, 1)) == {"name": "甲", "level": "none"}


def test_of_one_day_the_row_recorded_last_holds() -> None:
    mended = Dated(FIRST.valid_from, NOON + timedelta(hours=1), {"name": "乙", "level": "none"})
    assert as_of([mended, FIRST], date(2021, 1, 1)) == mended.facts


def test_a_back_dated_change_goes_on_until_the_fact_is_changed_again() -> None:
    later = Dated(date(2024, 1, 1), NOON, {"name": "甲", "level": "city"})
    renamed = Dated(date(2025, 1, 1), NOON, {"name": "丙", "level": "city"})
    added = recorded(
        [FIRST, later, renamed],
        valid_from=date(2022, 1, 1),
        changes={"name": "乙"},
        at=NOON + timedelta(1),
        otherwise={},
    )
    assert [(row.valid_from.year, dict(row.facts)) for row in added] == [
        (2022, {"name": "乙", "level": "none"}),
        (2024, {"name": "乙", "level": "city"}),
    ]


def test_where_nothing_was_recorded_the_facts_of_now_are_the_first() -> None:
    (only,) = recorded(
        [], valid_from=date(2022, 1, 1), changes={"name": "乙"}, at=NOON, otherwise=FIRST.facts
    )
    assert dict(only.facts) == {"name": "乙", "level": "none"}


days = st.dates(min_value=date(2015, 1, 1), max_value=date(2026, 1, 1))


@given(st.lists(st.tuples(days, st.sampled_from(["甲", "乙", "丙"])), max_size=8), days)
def test_the_fact_recorded_last_for_a_day_holds_on_that_day(
    changes: list[tuple[date, str]], asked: date
) -> None:
    rows = [FIRST]
    for step, (day, name) in enumerate(changes, start=1):
        day = max(day, FIRST.valid_from)
        rows += recorded(
            rows, valid_from=day, changes={"name": name}, at=NOON + timedelta(hours=step), otherwise={}
        )
        assert (as_of(rows, day) or {})["name"] == name
    held = as_of(rows, asked)
    assert (held is None) == (asked < FIRST.valid_from)
    if held:
        assert held["level"] == "none"
