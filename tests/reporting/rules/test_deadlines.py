"""Open or locked and why: each bound half open, decided by one function."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import SHANGHAI
from reporting.rules.deadlines import Dates, granted_by, lock_of
from reporting.rules.lifecycle import State

OPENS = datetime(2026, 3, 1, tzinfo=SHANGHAI)
LAST_START = datetime(2026, 3, 25, tzinfo=SHANGHAI)
DUE = datetime(2026, 3, 31, 17, tzinfo=SHANGHAI)
CORRECT = datetime(2026, 4, 30, 17, tzinfo=SHANGHAI)
DATES = Dates(OPENS, LAST_START, DUE, CORRECT)
TICK = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("state", "started", "at", "is_open"),
    [
        (State.FILLING, False, OPENS - TICK, False),
        (State.FILLING, False, OPENS, True),
        (State.FILLING, False, LAST_START - TICK, True),
        (State.FILLING, False, LAST_START, False),
        (State.FILLING, True, LAST_START, True),
        (State.FILLING, True, DUE - TICK, True),
        (State.FILLING, True, DUE, False),
        (State.RETURNED, True, DUE, True),
        (State.RETURNED, True, CORRECT - TICK, True),
        (State.RETURNED, True, CORRECT, False),
        (State.AT_COUNTY, True, OPENS, False),
        (State.AT_CITY, True, OPENS, False),
        (State.AT_PROVINCE, True, OPENS, False),
        (State.ACCEPTED, True, OPENS, False),
    ],
)
def test_each_bound(state: State, started: bool, at: datetime, is_open: bool) -> None:
    lock = lock_of(DATES, state=state, started=started, at=at)
    assert lock.open is is_open and str(lock.why)
    assert is_open or lock.who is not None


def test_an_open_return_says_until_when_and_a_coming_one_from_when() -> None:
    assert lock_of(DATES, state=State.FILLING, started=True, at=OPENS).until == DUE
    assert lock_of(DATES, state=State.RETURNED, started=True, at=DUE).until == CORRECT
    assert lock_of(DATES, state=State.FILLING, started=False, at=OPENS - TICK).until == OPENS


def test_a_closed_campaign_is_locked_for_all() -> None:
    closed = Dates(OPENS, LAST_START, DUE, CORRECT, closed=True)
    assert not lock_of(closed, state=State.RETURNED, started=True, at=OPENS).open


UNTIL = datetime(2026, 4, 5, 12, tzinfo=SHANGHAI)
GRACE = datetime(2026, 5, 12, tzinfo=SHANGHAI)
EXTENDED = replace(DATES, extended_until=UNTIL)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("dates", "state", "started", "at", "is_open", "by_extension"),
    [
        (EXTENDED, State.FILLING, True, DUE - SECOND, True, False),
        (EXTENDED, State.FILLING, True, DUE, True, True),
        (EXTENDED, State.FILLING, False, LAST_START, True, True),
        (EXTENDED, State.FILLING, False, UNTIL - SECOND, True, True),
        (EXTENDED, State.FILLING, False, UNTIL, False, False),
        (EXTENDED, State.FILLING, True, UNTIL + SECOND, False, False),
        # longer time that ends before the correction window shortens nothing
        (EXTENDED, State.RETURNED, True, UNTIL, True, False),
        (EXTENDED, State.RETURNED, True, CORRECT, False, False),
        (replace(DATES, extended_until=GRACE), State.RETURNED, True, CORRECT, True, True),
        # an office that was late owes time for correcting, not for a first submission
        (replace(DATES, grace_until=GRACE), State.RETURNED, True, CORRECT, True, False),
        (replace(DATES, grace_until=GRACE), State.RETURNED, True, GRACE, False, False),
        (replace(DATES, grace_until=GRACE), State.FILLING, True, DUE, False, False),
        # nothing opens before the beginning, in a closed campaign, or under an office
        (EXTENDED, State.FILLING, True, OPENS - SECOND, False, False),
        (replace(EXTENDED, closed=True), State.FILLING, True, DUE, False, False),
        (EXTENDED, State.AT_COUNTY, True, DUE, False, False),
        (EXTENDED, State.ACCEPTED, True, DUE, False, False),
    ],
)
def test_longer_time_and_what_a_late_office_owes(
    dates: Dates, state: State, started: bool, at: datetime, is_open: bool, by_extension: bool
) -> None:
    lock = lock_of(dates, state=state, started=started, at=at)
    assert (lock.open, lock.by_extension) == (is_open, by_extension)


def test_why_it_is_locked_names_the_instant_and_who_can_open_it() -> None:
    lock = lock_of(DATES, state=State.FILLING, started=True, at=DUE, owner=granted_by("示例省"))
    assert str(lock.why) == "已过填报截止时间（2026-03-31 17:00）。"
    assert str(lock.who) == "“示例省”作为本次填报的主管部门，可批准延期"


@pytest.mark.parametrize("month", [1, 3, 6, 7, 10])
def test_the_clock_time_of_beijing_decides_in_summer_too(month: int) -> None:
    """China keeps no summer time (since 1992): 17:00 in Beijing is 09:00 UTC all year round."""
    due = datetime(2026, month, 28, 17, tzinfo=SHANGHAI)
    dates = Dates(due - timedelta(20), due - timedelta(10), due, due + timedelta(10))
    utc = datetime(2026, month, 28, 9, tzinfo=UTC)
    assert lock_of(dates, state=State.FILLING, started=True, at=utc - SECOND).open
    assert not lock_of(dates, state=State.FILLING, started=True, at=utc).open
