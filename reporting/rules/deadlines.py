"""Whether a return may be filled at this instant, and if not why, and who can open it: asked by page,
API, upload and job alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.formats import moment
from core.text import T, Text
from reporting.rules.lifecycle import OPEN_STATES, State
from reporting.rules.limits import LIMIT

ALWAYS_WITH_YEAR = 0
GRACE_DAYS = LIMIT  # working days that a carrier has at least, when an office took longer than its own


@dataclass(frozen=True, slots=True)
class Dates:
    """The instants that hold for one return, aware. A deadline T takes what was received before T.

    `extended_until`: a longer time that was granted; it moves each of the three dates that lies before it.
    `grace_until`: what an office that was late with sending back owes for correcting.
    """

    opens_at: datetime
    last_start_at: datetime
    due_at: datetime
    correct_by: datetime
    closed: bool = False
    extended_until: datetime | None = None
    grace_until: datetime | None = None

    @property
    def held(self) -> Dates:
        """The same with the extension and the grace worked in: the dates that decide."""
        until = self.extended_until or self.last_start_at
        return replace(
            self,
            last_start_at=max(self.last_start_at, until),
            due_at=max(self.due_at, until),
            correct_by=max(self.correct_by, until, self.grace_until or until),
            extended_until=None,
            grace_until=None,
        )

    @property
    def plain(self) -> Dates:
        """The same without the extension."""
        return replace(self, extended_until=None)


@dataclass(frozen=True, slots=True)
class Lock:
    """`until` is when an open return closes, or when a locked one opens (None: not by itself).
    `by_extension`: it is open only because longer time was granted."""

    open: bool
    why: Text
    who: Text | None = None
    until: datetime | None = None
    by_extension: bool = False


OWNER = T("本次填报的主管部门")


def granted_by(owner: object) -> Text:
    """Who can open a return after its time."""
    return T("“{owner}”作为本次填报的主管部门，可批准延期", owner=owner)


def lock_of(dates: Dates, *, state: str, started: bool, at: datetime, owner: Text = OWNER) -> Lock:
    """Open or locked. `started` is whether anything was ever saved in this return; `owner` can open it."""
    found = _locked(dates.held, state, started, at, owner)
    if not found.open or dates.extended_until is None:
        return found
    return replace(found, by_extension=not _locked(dates.plain, state, started, at, owner).open)


def _locked(dates: Dates, state: str, started: bool, at: datetime, owner: Text) -> Lock:
    if state == State.ACCEPTED:
        return Lock(False, T("报表已受理，数据锁定。"), owner)
    if state not in OPEN_STATES:
        return Lock(False, T("报表已提交，正在审核，不能修改。"), T("正在审核的部门（退回后可改）"))
    if dates.closed:
        return Lock(False, T("本次填报已关闭。"), owner)
    if at < dates.opens_at:
        return Lock(
            False, T("填报尚未开始，{when} 开始。", when=_said(dates.opens_at)), owner, dates.opens_at
        )
    if state == State.RETURNED:
        if at < dates.correct_by:
            why = T("报表已退回，请在修改截止前改正并重新提交。")
            return Lock(True, why, until=dates.correct_by)
        return Lock(False, T("已过修改截止时间（{when}）。", when=_said(dates.correct_by)), owner)
    if at >= dates.due_at:
        return Lock(False, T("已过填报截止时间（{when}）。", when=_said(dates.due_at)), owner)
    if not started and at >= dates.last_start_at:
        return Lock(False, T("已过最迟开始填报时间（{when}）。", when=_said(dates.last_start_at)), owner)
    return Lock(True, T("填报进行中。"), until=dates.due_at)


def _said(when: datetime) -> str:
    return moment(when, ALWAYS_WITH_YEAR)


def next_date(dates: Dates, *, state: str, started: bool, at: datetime) -> datetime:
    """The date that is next for a return at its carrier, or that has passed: what its clock runs to."""
    held = dates.held
    if state == State.RETURNED:
        return held.correct_by
    return held.last_start_at if not started and at < held.due_at else held.due_at
