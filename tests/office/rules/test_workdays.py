"""Working days as the State Council announced them, and the Civil Code's way of counting."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.rules.workdays import Workdays

PUBLISHED = Workdays()
DAYS = st.dates(date(2018, 1, 1), date(2026, 6, 30))


def test_every_day_from_2018_to_2026_agrees_with_a_second_calendar() -> None:
    day, differing = date(2018, 1, 1), []
    while day.year <= 2026:
        if PUBLISHED.is_working_day(day) != chinese_calendar.is_workday(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


def test_the_day_on_which_a_period_begins_does_not_count() -> None:
    # 2026: the Saturday before the Spring Festival is worked, the festival lasts from 15 to 23 February.
    assert PUBLISHED.is_working_day(date(2026, 2, 14))
    assert PUBLISHED.add_working_days(date(2026, 2, 10), 5) == date(2026, 2, 24)
    assert PUBLISHED.add_working_days(date(2026, 2, 10), 0) == date(2026, 2, 10)
    assert PUBLISHED.working_days_between(date(2026, 2, 10), date(2026, 2, 24)) == 5
    assert PUBLISHED.working_days_between(date(2026, 2, 24), date(2026, 2, 10)) == -5


def test_a_day_that_staff_set_counts_as_they_set_it() -> None:
    storm = date(2026, 7, 15)
    set_by_staff = Workdays({storm: False, date(2026, 7, 18): True})
    assert not set_by_staff.is_working_day(storm)
    assert set_by_staff.is_working_day(date(2026, 7, 18))
    assert set_by_staff.add_working_days(date(2026, 7, 14), 1) == date(2026, 7, 16)


def test_a_year_without_a_notice_is_an_estimate_until_staff_set_its_days() -> None:
    assert not PUBLISHED.is_estimated(date(2026, 12, 31))
    assert PUBLISHED.is_estimated(date(2027, 1, 4))
    assert not Workdays({date(2027, 2, 20): True}).is_estimated(date(2027, 1, 4))


def test_a_period_has_no_negative_days() -> None:
    with pytest.raises(ValueError, match="negative"):
        PUBLISHED.add_working_days(date(2026, 1, 1), -1)


@given(DAYS, st.integers(0, 60))
def test_adding_and_counting_agree(start: date, days: int) -> None:
    end = PUBLISHED.add_working_days(start, days)
    assert PUBLISHED.working_days_between(start, end) == days
    assert days == 0 or PUBLISHED.is_working_day(end)


@given(DAYS, DAYS, DAYS)
def test_periods_add_up(one: date, two: date, three: date) -> None:
    a, b, c = sorted((one, two, three))
    whole = PUBLISHED.working_days_between(a, c)
    assert whole == PUBLISHED.working_days_between(a, b) + PUBLISHED.working_days_between(b, c)
