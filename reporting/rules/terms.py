"""Dates of a part of a campaign: by level and region, set by its owner or, never later, by offices below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.formats import moment
from core.problems import Problem
from core.text import T, Text
from reporting.rules.deadlines import ALWAYS_WITH_YEAR, Dates

NAMES = ("last_start_at", "due_at", "correct_by")
TITLES: dict[str, Text] = {
    "last_start_at": T("最迟开始填报"),
    "due_at": T("填报截止"),
    "correct_by": T("修改截止"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """The three dates for the carriers at or below a region, of one level (`""`: of all).

    `by_owner`: set by who owns the campaign, and then it stands in the place of the campaign's own dates.
    """

    path: str
    level: str
    by_owner: bool
    last_start_at: datetime
    due_at: datetime
    correct_by: datetime

    def holds_for(self, path: str, level: str) -> bool:
        return path.startswith(self.path) and self.level in ("", level)


def owners_dates(base: Dates, terms: Iterable[Term], *, path: str, level: str) -> Dates:
    """What the owner allows there: its term for the smallest region, one for the level before one for all."""
    mine = [one for one in terms if one.by_owner and one.holds_for(path, level)]
    if not mine:
        return base
    nearest = max(mine, key=lambda one: (len(one.path), bool(one.level)))
    return replace(base, **{name: getattr(nearest, name) for name in NAMES})


def dates_for(base: Dates, terms: Iterable[Term], *, path: str, level: str) -> Dates:
    """The dates that hold for a carrier: the owner's, each brought forward to the earliest of the offices
    below. The earlier of two ordered rows is ordered, so the three stay in order."""
    terms = list(terms)
    found = owners_dates(base, terms, path=path, level=level)
    for one in terms:
        if not one.by_owner and one.holds_for(path, level):
            found = replace(found, **{name: min(getattr(found, name), getattr(one, name)) for name in NAMES})
    return found


def faults_of(wanted: Dates, allowed: Dates | None, at: datetime) -> list[Problem]:
    """All that is wrong with new dates: their order, a date that has passed already, one that is later than
    the owner allows (`allowed` None: it is the owner who sets them)."""
    faults = in_order(wanted)
    for name in NAMES:
        when: datetime = getattr(wanted, name)
        if when <= at:
            message = T("{title}已经过去；期限只能设在将来，以免有人当场被锁。", title=TITLES[name])
            faults.append(Problem("term.past", message, field=name, found=said(when)))
        elif allowed is not None and when > getattr(allowed, name):
            latest = said(getattr(allowed, name))
            message = T("{title}不能晚于主管部门定的 {latest}。", title=TITLES[name], latest=latest)
            faults.append(Problem("term.late", message, field=name, found=said(when), allowed=latest))
    return faults


def in_order(dates: Dates) -> list[Problem]:
    """Each date that comes before the one that it must follow."""
    problems = []
    if dates.last_start_at <= dates.opens_at:
        problems.append(Problem("campaign.dates", T("最迟开始填报须晚于开始时间。"), field="last_start_at"))
    if dates.due_at < dates.last_start_at:
        problems.append(Problem("campaign.dates", T("填报截止不能早于最迟开始填报。"), field="due_at"))
    if dates.correct_by < dates.due_at:
        problems.append(Problem("campaign.dates", T("修改截止不能早于填报截止。"), field="correct_by"))
    return problems


def said(when: datetime) -> str:
    """With its year, by the wall clock in Beijing."""
    return moment(when, ALWAYS_WITH_YEAR)
