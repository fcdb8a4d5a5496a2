"""Dates by level and region: who may set what, and what holds where; every order of setting them is sound."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI
from reporting.rules.deadlines import Dates, lock_of, next_date
from reporting.rules.lifecycle import State
from reporting.rules.terms import NAMES, Term, dates_for, faults_of, owners_dates

OPENS = datetime(2026, 3, 1, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
BASE = Dates(OPENS, OPENS + 24 * DAY, OPENS + 30 * DAY, OPENS + 60 * DAY)
PROVINCE, CITY, COUNTY = "/99/", "/99/05/", "/99/05/02/"


def term(days: tuple[int, int, int], path: str = CITY, level: str = "", owner: bool = False) -> Term:
    first, second, third = (OPENS + n * DAY for n in days)
    return Term(path, level, owner, first, second, third)


def days_of(dates: Dates) -> tuple[int, int, int]:
    first, second, third = (getattr(dates, name) - OPENS for name in NAMES)
    return first.days, second.days, third.days


@pytest.mark.parametrize(
    ("terms", "path", "level", "expected"),
    [
        ((), COUNTY, "county", (24, 30, 60)),
        ((term((10, 20, 40)),), COUNTY, "county", (10, 20, 40)),
        ((term((10, 20, 40)),), PROVINCE, "county", (24, 30, 60)),
        # later than the owner's holds nowhere, whatever is stored
        ((term((25, 31, 61)),), COUNTY, "county", (24, 30, 60)),
        ((term((10, 40, 70)),), COUNTY, "county", (10, 30, 60)),
        # the owner may also give more
        ((term((30, 40, 70), owner=True),), COUNTY, "county", (30, 40, 70)),
        ((term((30, 40, 70), PROVINCE, "national", True),), COUNTY, "national", (30, 40, 70)),
        ((term((30, 40, 70), PROVINCE, "national", True),), COUNTY, "county", (24, 30, 60)),
        # of the owner's the smaller region, then the level
        (
            (term((30, 40, 70), PROVINCE, "", True), term((28, 35, 65), CITY, "", True)),
            COUNTY, "county", (28, 35, 65),
        ),
        (
            (term((30, 40, 70), CITY, "", True), term((28, 35, 65), CITY, "national", True)),
            COUNTY, "national", (28, 35, 65),
        ),
        # a city within what the owner gives it
        ((term((30, 40, 70), owner=True), term((20, 35, 80))), COUNTY, "county", (20, 35, 70)),
        # county below city: the earliest
        ((term((20, 28, 50)), term((10, 25, 55), COUNTY)), COUNTY, "", (10, 25, 50)),
    ],
)  # fmt: skip
def test_what_holds_where(
    terms: tuple[Term, ...], path: str, level: str, expected: tuple[int, int, int]
) -> None:
    assert days_of(dates_for(BASE, terms, path=path, level=level)) == expected


ORDERED = st.lists(st.integers(1, 90), min_size=3, max_size=3).map(lambda days: tuple(sorted(days)))
TERMS = st.lists(
    st.builds(
        term,
        ORDERED,
        st.sampled_from((PROVINCE, CITY, COUNTY, "/99/06/")),
        st.sampled_from(("", "county", "national")),
        st.booleans(),
    ),
    max_size=6,
)


@given(terms=TERMS, level=st.sampled_from(("county", "national")))
def test_no_office_below_moves_a_date_behind_the_owners_and_order_is_kept(
    terms: list[Term], level: str
) -> None:
    allowed = owners_dates(BASE, terms, path=COUNTY, level=level)
    found = dates_for(BASE, terms, path=COUNTY, level=level)
    assert all(getattr(found, name) <= getattr(allowed, name) for name in NAMES)
    assert found.last_start_at <= found.due_at <= found.correct_by
    # the order in which offices below set theirs does not matter
    below = [one for one in terms if not one.by_owner]
    owners = [one for one in terms if one.by_owner]
    assert found == dates_for(BASE, [*reversed(below), *owners], path=COUNTY, level=level)


AT = st.integers(-5, 200).map(lambda half: OPENS + half * timedelta(hours=12))
STATES = st.sampled_from((State.FILLING, State.RETURNED))
UNTIL = st.none() | st.integers(1, 90).map(lambda n: OPENS + n * DAY)


@given(days=ORDERED, until=UNTIL, grace=UNTIL, state=STATES, started=st.booleans(), at=AT)
def test_one_function_decides(
    days: tuple[int, int, int],
    until: datetime | None,
    grace: datetime | None,
    state: State,
    started: bool,
    at: datetime,
) -> None:
    found = term(days)
    plain = replace(BASE, **{name: getattr(found, name) for name in NAMES})
    dates = replace(plain, extended_until=until, grace_until=grace)
    lock = lock_of(dates, state=state, started=started, at=at)
    without = lock_of(plain, state=state, started=started, at=at)
    # longer time and grace open, they never lock; and only within their own bound
    assert lock.open or not without.open
    if lock.open and not without.open:
        assert at < max(one for one in (until, grace) if one is not None)
    # an open return says when it closes, and it is open until then and locked at that instant
    if lock.open:
        assert lock.until is not None and at < lock.until
        assert not lock_of(dates, state=state, started=True, at=lock.until).open
        tick = lock.until - timedelta(microseconds=1)
        assert lock_of(dates, state=state, started=True, at=tick).open
    else:
        assert str(lock.why) and lock.who is not None
    # use of longer time is known as such
    assert not lock.by_extension or until is not None
    # what the clock of a page runs to is the bound that decides
    due = next_date(dates, state=state, started=started, at=at)
    assert (at >= OPENS and at < due) == lock.open


def test_new_dates_lie_ahead_in_order_and_not_behind_the_owners() -> None:
    at = OPENS + 5 * DAY
    wanted = replace(BASE, last_start_at=OPENS + 4 * DAY, due_at=OPENS + 3 * DAY, correct_by=OPENS + 90 * DAY)
    found = faults_of(wanted, BASE, at)
    assert [(one.code, one.field) for one in found] == [
        ("campaign.dates", "due_at"),
        ("term.past", "last_start_at"),
        ("term.past", "due_at"),
        ("term.late", "correct_by"),
    ]
    assert faults_of(BASE, BASE, at) == []
    assert faults_of(replace(BASE, correct_by=OPENS + 90 * DAY), None, at) == []
