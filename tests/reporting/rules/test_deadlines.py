"""Open or locked and why: each bound half open, decided by one function."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.clock import SHANGHAI
from reporting.rules.deadlines import Dates, lock_of
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
