"""Working days of the offices: the published holidays with their make-up days, and what staff set over them.

Periods of days are counted as the Civil Code says (民法典第二百零一条): the day on which a period begins
is not counted. Here only working days count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1950, 2100


@lru_cache(maxsize=200)
def _published(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Holidays of a year, and its weekend days on which one works."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no calendar for {year}")
    found = holidays.country_holidays("CN", years=[year])
    off = frozenset(day for day in found if day.year == year)
    return off, frozenset(day for day in found.weekend_workdays if day.year == year)


def _is_published(year: int) -> bool:
    """The State Council's notice of a year always moves a weekend day; a year without one is an estimate."""
    return bool(_published(year)[1])


@dataclass(frozen=True, slots=True)
class Workdays:
    """`overrides`: days that staff set by a notice, True for a working day."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        off, make_up = _published(day.year)
        return day in make_up or (day.weekday() < 5 and day not in off)

    def is_estimated(self, day: date) -> bool:
        """Whether the year's arrangement is not known yet, so that the answer may still move (预计)."""
        known = _is_published(day.year) or any(one.year == day.year for one in self.overrides)
        return not known

    def add_working_days(self, start: date, days: int) -> date:
        """The day on which a period of so many working days ends; none: the start itself."""
        if days < 0:
            raise ValueError("a period has no negative days")
        day = start
        while days:
            day += ONE
            days -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        span = (end - start).days
        return sum(self.is_working_day(start + ONE * step) for step in range(1, span + 1))
