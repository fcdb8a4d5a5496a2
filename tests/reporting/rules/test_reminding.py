"""The ladder: who is reminded when, of what; nobody who owes nothing, and no rung twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI
from reporting.rules.deadlines import Dates
from reporting.rules.form_reading import load_form
from reporting.rules.lifecycle import State
from reporting.rules.reminding import Lacking, What, lacking, read_ladder, sentence_of, step_of
from tests.reporting.conftest import FORM

OPENS = datetime(2026, 3, 1, tzinfo=SHANGHAI)
DUE = datetime(2026, 3, 31, 17, tzinfo=SHANGHAI)
CORRECT = datetime(2026, 4, 30, 17, tzinfo=SHANGHAI)
DATES = Dates(OPENS, datetime(2026, 3, 25, tzinfo=SHANGHAI), DUE, CORRECT)


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (1, 8, (30, 30)),
        (10, 8, (30, 21)),
        (17, 0, (14, 14)),
        (17, 23, (14, 14)),
        (23, 8, (14, 8)),
        (24, 8, (7, 7)),
        (28, 8, (3, 3)),
        (30, 8, (1, 1)),
        (31, 8, (1, 0)),
        (31, 17, None),
    ],
)
def test_the_nearest_rung_counts(day: int, hour: int, expected: tuple[int, int] | None) -> None:
    at = datetime(2026, 3, day, hour, tzinfo=SHANGHAI)
    step = step_of(DATES, state=State.FILLING, started=True, at=at)
    assert (None if step is None else (step.days, step.left)) == expected


@pytest.mark.parametrize(
    ("state", "started", "what"),
    [
        (State.FILLING, False, What.START),
        (State.FILLING, True, What.DUE),
        (State.RETURNED, True, What.CORRECT),
        (State.AT_COUNTY, True, None),
        (State.AT_PROVINCE, True, None),
        (State.ACCEPTED, True, None),
    ],
)
def test_only_those_who_owe_something(state: State, started: bool, what: What | None) -> None:
    at = datetime(2026, 3, 20, 8, tzinfo=SHANGHAI)
    step = step_of(DATES, state=state, started=started, at=at, ladder=(90,))
    assert (step.what if step else None) == what


def test_a_date_that_moves_has_rungs_of_its_own() -> None:
    at = datetime(2026, 3, 28, 8, tzinfo=SHANGHAI)
    first = step_of(DATES, state=State.FILLING, started=True, at=at)
    later = replace(DATES, extended_until=DUE + timedelta(hours=1))
    second = step_of(later, state=State.FILLING, started=True, at=at)
    assert first is not None and second is not None and first.name != second.name
    assert step_of(DATES, state=State.FILLING, started=True, at=at, ladder=()) is None
    assert step_of(replace(DATES, closed=True), state=State.FILLING, started=True, at=at) is None


LADDERS = st.lists(st.integers(1, 60), max_size=6, unique=True)


@given(ladder=LADDERS, started=st.booleans(), hours=st.lists(st.integers(0, 24 * 70), max_size=40))
def test_whenever_it_is_looked_at_each_rung_comes_once_and_nearer_ones_later(
    ladder: list[int], started: bool, hours: list[int]
) -> None:
    told: list[int] = []
    seen: set[str] = set()
    for hour in sorted(hours):
        at = OPENS + timedelta(hours=hour)
        step = step_of(DATES, state=State.FILLING, started=started, at=at, ladder=ladder)
        if step is None or step.name in seen:
            continue
        assert at < step.when and 0 <= step.left <= step.days
        seen.add(step.name)
        told.append(step.days)
    assert told == sorted(set(told), reverse=True) and set(told) <= set(ladder)


def test_what_is_missing_is_named_with_its_place() -> None:
    form = load_form(FORM)
    nothing = lacking(form, {}, {})
    assert nothing.count > 1 and nothing.place == "sections/site/" and nothing.first == "孵化场地总面积"
    required = {one.code: "1" for one in form.fields if one.column.required}
    assert lacking(form, required, {}) == Lacking(1, "在孵企业名单", "tables/roster/")
    assert lacking(form, required, {"roster": 2}) == Lacking(0)


def test_the_sentence_says_until_when_and_what() -> None:
    at = datetime(2026, 3, 28, 8, tzinfo=SHANGHAI)
    step = step_of(DATES, state=State.FILLING, started=True, at=at)
    assert step is not None
    told = sentence_of("年报", step, Lacking(3, "面积", "sections/site/"), "2026-03-31 17:00")
    assert str(told) == "“年报”须在 2026-03-31 17:00 前提交（剩 3 天），还缺“面积”等 3 项。"
    assert "必填项已齐" in str(sentence_of("年报", step, Lacking(0), "2026-03-31 17:00"))


@pytest.mark.parametrize(
    ("text", "days", "codes"),
    [
        ("30,14，7 3 1", [30, 14, 7, 3, 1], []),
        ("7 7 30", [30, 7], []),
        ("", [], []),
        ("0, -1, x, 121", [], ["ladder.days"] * 4),
        ("1 2 3 4 5 6 7 8 9 10 11", [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], ["ladder.many"]),
    ],
)
def test_a_ladder_as_people_write_it(text: str, days: list[int], codes: list[str]) -> None:
    found, problems = read_ladder(text)
    assert (found, [one.code for one in problems]) == (days, codes)
