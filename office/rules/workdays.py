"""Working days of the offices: the published holidays with their make-up days, and what staff set over them.

Periods of days are counted as the Civil Code says (民法典第二百零一条): the day on which a period begins
is not counted. Here only working days count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays

from core.problems import Problem
from core.text import T

ONE = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1950, 2100
_WORDS = {"放假": False, "休": False, "上班": True, "班": True}
MOST_LINES = 400


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


def read_days(text: str) -> tuple[dict[date, bool], list[Problem]]:
    """A notice's days, one a line: `2027-02-20 上班`. The days, and every fault with its line."""
    found: dict[date, bool] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines()[: MOST_LINES + 1], start=1):
        if not (words := line.replace(",", " ").replace("\t", " ").split()):
            continue
        day, faults = _read(words, found)
        problems += [Problem(p.code, p.message, str(number), "days", found=line.strip()) for p in faults]
        if day and not faults:
            found[day] = _WORDS[words[1]]
    if len(text.splitlines()) > MOST_LINES:
        problems.append(Problem("workday.many", T("一次最多 {n} 行。", n=MOST_LINES), field="days"))
    elif not found and not problems:
        problems.append(Problem("workday.none", T("请至少写一天。"), field="days"))
    return found, problems


def _read(words: list[str], known: Mapping[date, bool]) -> tuple[date | None, list[Problem]]:
    return (day := _day(words[0])), list(_faults(day, words, known))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _faults(day: date | None, words: list[str], known: Mapping[date, bool]) -> Iterator[Problem]:
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        yield Problem("workday.day", T("日期应如 2027-02-20。"))
    elif day in known:
        yield Problem("workday.twice", T("同一天写了两次。"))
    if len(words) != 2 or words[1] not in _WORDS:
        yield Problem("workday.word", T("日期后写“放假”或“上班”。"))
