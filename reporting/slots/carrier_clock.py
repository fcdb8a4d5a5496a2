"""The clock of a carrier's home: how long it still is, and the campaign's three dates on a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from core import clock, formats
from core.clock import SHANGHAI
from core.slots import HomePart
from core.text import T, Text
from reporting.models import Return
from reporting.queries.carriers import Work, handed_in
from reporting.rules.dateline import WIDTH, Dateline, drawn
from reporting.rules.deadlines import Dates
from reporting.rules.lifecycle import RETURN

WEEKDAYS = (T("周一"), T("周二"), T("周三"), T("周四"), T("周五"), T("周六"), T("周日"))
_START, _DUE, _CORRECT = T("最晚开始"), T("截止提交"), T("最晚更正")


@dataclass(frozen=True, slots=True)
class Left:
    """Time left, or gone by when `is_over`."""

    days: int
    hours: int
    minutes: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A date on the line: `state` is past, next or later."""

    name: Text
    when: datetime
    words: str
    place: int
    label: int
    state: str


def clock_card(actor: Actor, works: Sequence[Work], at: datetime) -> HomePart | None:
    """For the work whose deadline is next, or the last one passed; else for what was handed in to a campaign
    that still runs."""
    ahead = sorted((one for one in works if not one.is_late), key=lambda one: one.due)
    work = next(iter([*ahead, *works]), None)
    found = work.found if work else handed_in(actor)
    if found is None:
        return None
    held = found.dates.held
    marks = marks_of(held, work.due if work else None, at)
    context = {
        "left": left_of(work.due, at) if work else None,
        "when": said_day(work.due) if work else "",
        "what": _what(held, work) if work else "",
        "handed_in": None if work else _handed_in(found, at),
        "line": _line(held, at),
        "marks": marks,
        "width": WIDTH,
        "now": at,
    }
    return HomePart(
        title=T("{year} 年度报表", year=found.campaign.year),
        template="reporting/_home_carrier_clock.html",
        context=context,
        place="aside",
        note=T("现在 {when}", when=_said_moment(at)),
        order=0,
        is_clock=True,
    )


def left_of(due: datetime, at: datetime) -> Left:
    minutes = int(abs((due - at).total_seconds())) // 60
    return Left(minutes // 1440, minutes // 60 % 24, minutes % 60, due <= at)


def _what(held: Dates, work: Work) -> Text:
    if work.is_untouched and work.due == held.last_start_at != held.due_at:
        return T("最晚开始，之后不能再开始。")
    return T("更正截止，之后到达的不收。") if work.move else T("截止，之后到达的不收。")


def _handed_in(found: Return, at: datetime) -> Text:
    year, correct_by = clock.day_of(at).year, found.dates.held.correct_by
    said = T(
        "{when} 提交，{state}。",
        when=formats.moment(found.submitted_at, year),
        state=RETURN.title_of(found.state),
    )
    if correct_by <= at:
        return said
    return T("{first}如被退回，最迟 {when} 改完重交。", first=said, when=formats.moment(correct_by, year))


def _dates(held: Dates) -> tuple[tuple[Text, datetime], ...]:
    return (_START, held.last_start_at), (_DUE, held.due_at), (_CORRECT, held.correct_by)


def _line(held: Dates, at: datetime) -> Dateline:
    return drawn(held.opens_at, [when for _, when in _dates(held)], at)


def marks_of(held: Dates, due: datetime | None, at: datetime) -> list[Mark]:
    line = _line(held, at)
    return [
        Mark(name, when, _short(when), place, label, _state(when, due, at))
        for (name, when), (place, label) in zip(_dates(held), line.marks, strict=True)
    ]


def _state(when: datetime, due: datetime | None, at: datetime) -> str:
    if when <= at:
        return "past"
    return "next" if when == due else "later"


def _short(when: datetime) -> str:
    return f"{when.astimezone(SHANGHAI):%m-%d}"


def said_day(when: datetime) -> Text:
    """`2026-03-31（周二）17:00`"""
    local = when.astimezone(SHANGHAI)
    return T(
        "{day}（{weekday}）{time}",
        day=local.date().isoformat(),
        weekday=WEEKDAYS[local.weekday()],
        time=f"{local:%H:%M}",
    )


def _said_moment(when: datetime) -> Text:
    local = when.astimezone(SHANGHAI)
    return T(
        "{day} {weekday} {time}", day=_short(when), weekday=WEEKDAYS[local.weekday()], time=f"{local:%H:%M}"
    )
