"""Dated facts: what held on a day, and what a back-dated change does to later days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

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


def test_a_letter_that_confirms_a_fact_is_not_undone_by_one_of_an_earlier_day() -> None:
    confirmed = Dated(date(2024, 1, 1), NOON, FIRST.facts, frozenset({"level"}))
    added = recorded(
        [FIRST, confirmed], valid_from=date(2022, 1, 1), changes={"level": "city"}, at=NOON, otherwise={}
    )
    rows = [FIRST, confirmed, *added]
    levels = [(as_of(rows, date(year, 6, 1)) or {})["level"] for year in (2021, 2022, 2023, 2024)]
    assert levels == ["none", "city", "city", "none"]


def test_a_document_that_changed_nothing_is_kept_and_names_what_it_says() -> None:
    (row,) = recorded([FIRST], valid_from=date(2022, 1, 1), changes={"level": "none"}, at=NOON, otherwise={})
    assert (row.named, dict(row.facts)) == (frozenset({"level"}), FIRST.facts)


NAMES = ("name", "level", "state")
REGISTERED = date(2018, 1, 1)
BASE = {"name": "甲", "level": "none", "state": "active"}
Said = tuple[date, str, str]  # day, fact, value


def said_once(changes: list[Said]) -> bool:
    return len({(day, name) for day, name, _ in changes}) == len(changes)


changes_of_a_life = st.lists(
    st.tuples(days, st.sampled_from(NAMES), st.sampled_from(["甲", "none", "active", "乙"])), max_size=7
).filter(said_once)


def lived(changes: list[Said]) -> list[Dated]:
    """The rows when these were recorded one after the other, after the registration."""
    rows = [Dated(REGISTERED, NOON, BASE, frozenset(NAMES))]
    for step, (day, name, value) in enumerate(changes, start=1):
        at = NOON + timedelta(hours=step)
        rows += recorded(rows, valid_from=day, changes={name: value}, at=at, otherwise={})
    return rows


def plainly(changes: list[Said], day: date, name: str) -> str | None:
    """What held, by looking for the last that was said: the registration said everything."""
    said = sorted((on, value) for on, one, value in changes if one == name and on <= day)
    if day >= REGISTERED and not any((REGISTERED, name) == one[:2] for one in changes):
        said = sorted([*said, (REGISTERED, BASE[name])], key=lambda one: one[0])
    first = min([REGISTERED, *(on for on, _, _ in changes)])
    if day < first:
        return None
    return said[-1][1] if said else BASE[name]


@given(changes_of_a_life, st.randoms(use_true_random=False))
def test_in_whatever_order_changes_are_recorded_the_same_holds_on_each_day(
    changes: list[Said], rng: Random
) -> None:
    shuffled = list(changes)
    rng.shuffle(shuffled)
    one, other = lived(changes), lived(shuffled)
    edges = {REGISTERED, *(day for day, _, _ in changes)}
    for day in {edge + timedelta(days=step) for edge in edges for step in (-1, 0, 1)}:
        for name in NAMES:
            expected = plainly(changes, day, name)
            for rows in (one, other):
                held = as_of(rows, day)
                assert (held[name] if held else None) == expected


@given(changes_of_a_life)
def test_nothing_recorded_is_ever_changed_and_every_row_holds_every_fact(changes: list[Said]) -> None:
    for many in range(len(changes)):
        before, after = lived(changes[:many]), lived(changes[: many + 1])
        assert after[: len(before)] == before
    assert all(set(row.facts) == set(NAMES) for row in lived(changes))
