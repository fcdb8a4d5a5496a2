"""When a carrier is reminded, of what, and what its return still lacks. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.problems import Problem
from core.shanghai import day_of
from core.text import T, Text
from reporting.rules.deadlines import Dates, lock_of, next_date
from reporting.rules.form import Form
from reporting.rules.lifecycle import State

LADDER = (30, 14, 7, 3, 1)
MOST_RUNGS, MOST_DAYS = 10, 120
NUDGE_GAP = timedelta(days=3)  # an officer's word to one carrier, at most once in that time


class What(StrEnum):
    """Which date comes next."""

    START = "start"
    DUE = "due"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Step:
    """A rung that is reached: `days` before the date by the calendar of Beijing, `left` of them to go."""

    what: What
    when: datetime
    days: int
    left: int

    @property
    def name(self) -> str:
        """The same for the same rung before the same instant: a date that moves has rungs of its own."""
        return f"{self.what}:{int(self.when.timestamp())}:{self.days}"


def step_of(
    dates: Dates, *, state: str, started: bool, at: datetime, ladder: Sequence[int] = LADDER
) -> Step | None:
    """The rung that a return has reached now; None when it owes nothing, is locked, or the first rung is
    still to come. After days without a run only the nearest rung counts, never all that were missed."""
    if not lock_of(dates, state=state, started=started, at=at).open:
        return None
    when = next_date(dates, state=state, started=started, at=at)
    left = (day_of(when) - day_of(at)).days
    reached = [days for days in ladder if days >= left]
    if not reached:
        return None
    what = What.CORRECT if state == State.RETURNED else What.DUE if started else What.START
    return Step(what, when, min(reached), left)


@dataclass(frozen=True, slots=True)
class Lacking:
    """How many required fields and tables are empty; the title and place of the first."""

    count: int
    first: str = ""
    place: str = ""  # below the return's page


def lacking(form: Form, values: Mapping[str, str], tables: Mapping[str, int]) -> Lacking:
    """What is empty in a draft that is to be filled; `tables` are the numbers of rows."""
    fields = [
        one
        for one in form.fields
        if one.computed is None and one.column.required and not values.get(one.code)
    ]
    empty = [one for one in form.tables if not tables.get(one.code)]
    count = len(fields) + len(empty)
    if fields:
        return Lacking(count, fields[0].title, f"sections/{fields[0].section}/")
    if empty:
        return Lacking(count, empty[0].title, f"tables/{empty[0].code}/")
    return Lacking(0)


def sentence_of(title: str, step: Step, missing: Lacking, said: str) -> Text:
    """What the carrier is told; `said` is the date as people read it."""
    about: dict[str, object] = {"title": title, "when": said, "n": step.left}
    if step.what is What.CORRECT:
        return T("“{title}”须在 {when} 前改好再交（剩 {n} 天），退回后还没有重新提交。", **about)
    if step.what is What.START:
        return T("“{title}”须在 {when} 前开始填报（剩 {n} 天），您还没有开始。", **about)
    if missing.count:
        about |= {"first": missing.first, "m": missing.count}
        return T("“{title}”须在 {when} 前提交（剩 {n} 天），还缺“{first}”等 {m} 项。", **about)
    return T("“{title}”须在 {when} 前提交（剩 {n} 天），必填项已齐，还没有提交。", **about)


def read_ladder(text: str) -> tuple[list[int], list[Problem]]:
    """`30, 14, 7` as days, the most first; every fault of it. Nothing at all: nobody is reminded."""
    words = text.replace("，", " ").replace(",", " ").split()
    wrong = [one for one in words if not (one.isascii() and one.isdecimal() and 0 < int(one) <= MOST_DAYS)]
    found = sorted({int(one) for one in words if one not in wrong}, reverse=True)
    message = T("请写 1 到 {most} 之间的天数，用逗号分开。", most=MOST_DAYS)
    problems = [Problem("ladder.days", message, field="ladder", found=one[:20]) for one in wrong]
    if len(found) > MOST_RUNGS:
        problems.append(Problem("ladder.many", T("最多 {n} 次。", n=MOST_RUNGS), field="ladder"))
    return found, problems
