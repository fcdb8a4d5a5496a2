"""What a carrier is to do: each return that is open, sent back or late, with its counts and its clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce

from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import TITLES, Role
from core import clock, formats
from core.slots import Task, Words
from core.text import T, Text
from reporting import links
from reporting.models import ReturnMove
from reporting.queries.carriers import Work, work_of
from reporting.rules.progress import Progress

SOON = timedelta(days=3)


def tasks_of_carrier(actor: Actor) -> list[Task]:
    at = clock.now()
    return [_task(work, at) for work in work_of(actor, at=at)]


def _task(work: Work, at: datetime) -> Task:
    if work.is_late:
        return _late(work)
    if work.move is not None:
        return _sent_back(work, work.move, at)
    return _to_fill(work, at)


def _late(work: Work) -> Task:
    """The way to it stays; what arrives now is not taken, so that is said with who can help."""
    campaign = work.found.campaign
    return Task(
        title=campaign.title,
        why=T(
            "{why}系统不再接收，如需补报请联系{region}的主管部门。{filled}",
            why=work.opened.lock.why,
            region=campaign.region,
            filled=filled(work.progress),
        ),
        verb=T("查看报表"),
        url=links.return_page(work.found.pk),
        state=T("已逾期"),
        tone="bad",
        icon="circle-alert",
        due=work.due,
        urgency=5,
    )


def _sent_back(work: Work, move: ReturnMove, at: datetime) -> Task:
    number, who = len(work.items), by_whom(move, at)
    done = sum(1 for one in work.items if one.changed)
    if number:
        said = T("{who} 退回。已改 {done} 项，还有 {left} 项。", who=who, done=done, left=number - done)
    else:
        said = T("{who} 退回：{comment}", who=who, comment=_short(move.comment))
    return Task(
        title=T("退回修改：{title}", title=work.found.campaign.title),
        why=T("{first}{second}", first=said, second=_before_submitting(work.progress)),
        verb=T("继续修改"),
        url=links.return_page(work.found.pk),
        state=T("退回 {n} 项", n=number) if number else T("退回修改"),
        tone="warn",
        icon="undo-2",
        due=work.due,
        urgency=10,
    )


def _to_fill(work: Work, at: datetime) -> Task:
    ready = not work.progress.blocking and not work.is_untouched
    state = T("尚未开始") if work.is_untouched else T("可以提交") if ready else T("填报中")
    begin = T("保存任意一项即为开始填报。") if work.is_untouched else T("")
    page = reverse("reporting:submit", args=[work.found.pk]) if ready else links.return_page(work.found.pk)
    return Task(
        title=work.found.campaign.title,
        why=T(
            "{begin}{filled}{left}",
            begin=begin,
            filled=filled(work.progress),
            left=_before_submitting(work.progress),
        ),
        verb=T("开始填报") if work.is_untouched else T("核对并提交") if ready else T("继续填报"),
        url=page,
        state=state,
        tone="warn" if work.due - at < SOON else "ok" if ready else "info",
        due=work.due,
        urgency=20,
    )


def filled(progress: Progress) -> Text:
    """How many of the fields that can be entered have a value."""
    return T("已填 {filled} / {total} 项。", filled=progress.filled, total=progress.total)


def _before_submitting(progress: Progress) -> Text:
    """What still keeps it from being submitted, then what is only to be confirmed."""
    counts = (
        (progress.errors, T("{n} 处错误", n=progress.errors)),
        (progress.questions, T("{n} 项待说明", n=progress.questions)),
        (progress.missing, T("{n} 项必填未填", n=progress.missing)),
    )
    owed = listed([words for number, words in counts if number])
    first = T("提交前还有：{list}。", list=owed) if owed else T("检查全部通过，可以提交。")
    if not progress.unconfirmed:
        return first
    return T("{first}另有 {n} 项预填待确认。", first=first, n=progress.unconfirmed)


def listed(parts: Sequence[Words]) -> Words:
    """Words one after the other, as each language does it; nothing for none."""
    if not parts:
        return ""
    return reduce(lambda first, second: T("{first}、{second}", first=first, second=second), parts)


def by_whom(move: ReturnMove, at: datetime) -> Text:
    """The office, the person and the moment of a move."""
    role = TITLES[Role(move.role)] if move.role in set(Role) else move.role
    when = formats.moment(move.at, clock.day_of(at).year)
    return T("{role} {name} {when}", role=role, name=move.by or formats.MISSING, when=when)


def _short(comment: str) -> str:
    return comment if len(comment) <= 80 else f"{comment[:79]}…"
