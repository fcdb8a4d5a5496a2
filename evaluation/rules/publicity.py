"""How long a result is open to objections before it is published (公示期).

The day on which it begins is not counted (民法典第二百零一条); where the last of calendar days is no
working day, the period ends on the next one (第二百零三条).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.text import T, Text
from office.rules.workdays import ONE, Workdays

_ZONE = ZoneInfo("Asia/Shanghai")


class Period(StrEnum):
    """The two periods that regulations use."""

    WORKING_5 = "working_5"
    CALENDAR_7 = "calendar_7"


PERIODS: dict[Period, Text] = {
    Period.WORKING_5: T("5 个工作日"),
    Period.CALENDAR_7: T("7 个自然日"),
}


def last_day(begins: date, period: Period, workdays: Workdays) -> date:
    """The last day on which objections are taken."""
    if period is Period.WORKING_5:
        return workdays.add_working_days(begins, 5)
    day = begins + timedelta(days=7)
    while not workdays.is_working_day(day):
        day += ONE
    return day


def ends_at(begins: datetime, period: Period, workdays: Workdays) -> datetime:
    """The instant that ends the period: midnight after its last day."""
    day = last_day(begins.astimezone(_ZONE).date(), period, workdays)
    return datetime.combine(day + ONE, time.min, _ZONE)


def final_day(ends: datetime) -> date:
    """The last day of a period that ends at this instant."""
    return (ends - timedelta(seconds=1)).astimezone(_ZONE).date()
