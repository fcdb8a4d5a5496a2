"""Whether a return may be filled at this instant, and if not why, and who can open it: asked by page,
API, upload and job alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.text import T, Text
from reporting.rules.lifecycle import OPEN_STATES, State


@dataclass(frozen=True, slots=True)
class Dates:
    """The four instants of a campaign, aware. A deadline T takes what was received before T."""

    opens_at: datetime
    last_start_at: datetime
    due_at: datetime
    correct_by: datetime
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Lock:
    """`until` is when an open return closes, or when a locked one opens (None: not by itself)."""

    open: bool
    why: Text
    who: Text | None = None
    until: datetime | None = None


OWNER = T("本次填报的主管部门")


def lock_of(dates: Dates, *, state: str, started: bool, at: datetime) -> Lock:
    """Open or locked. `started` is whether anything was ever saved in this return."""
    if state == State.ACCEPTED:
        return Lock(False, T("报表已受理，数据锁定。"), OWNER)
    if state not in OPEN_STATES:
        return Lock(False, T("报表已提交，正在审核，不能修改。"), T("正在审核的部门（退回后可改）"))
    if dates.closed:
        return Lock(False, T("本次填报已关闭。"), OWNER)
    if at < dates.opens_at:
        return Lock(False, T("填报尚未开始。"), OWNER, dates.opens_at)
    if state == State.RETURNED:
        if at < dates.correct_by:
            return Lock(True, T("报表已退回，请在修改截止前改正并重新提交。"), until=dates.correct_by)
        return Lock(False, T("已过修改截止时间。"), OWNER)
    if at >= dates.due_at:
        return Lock(False, T("已过填报截止时间。"), OWNER)
    if not started and at >= dates.last_start_at:
        return Lock(False, T("已过最迟开始填报时间。"), OWNER)
    return Lock(True, T("填报进行中。"), until=dates.due_at)
