"""What the back office offers to the pages above it."""

from __future__ import annotations

from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.slots import Hit, Panel, Task
from core.text import T, Text
from office.models import Job, JobState, OutboxMessage, OutboxState
from office.permissions import may_run
from office.queries import unread_notices
from office.services import sealing, trail, upkeep

SHOWN = 5


def tasks_for(actor: Actor) -> list[Task]:
    """Failed jobs, jobs that wait for a confirmation, messages that did not get out, unread notices."""
    if actor.user_id is None:
        return []
    return [*_jobs_of(actor), *_running_of_the_portal(actor), *_notices_of(actor)]


def _jobs_of(actor: Actor) -> list[Task]:
    mine = Job.objects.filter(owner_id=actor.user_id)
    waiting = [
        Task(
            title=job.title,
            why=T("处理完毕，确认后才会写入。"),
            verb=T("去确认"),
            url=job.link or reverse("office:job", args=[job.pk]),
            state=T("待确认"),
            tone="warn",
            icon="file-check",
            urgency=20,
        )
        for job in mine.filter(awaits_owner=True)[:SHOWN]
    ]
    return waiting + [_failed(job) for job in mine.filter(state=JobState.FAILED)[:SHOWN]]


def _failed(job: Job) -> Task:
    return Task(
        title=job.title,
        why=job.failure.splitlines()[0] if job.failure else "",
        verb=T("查看原因"),
        url=reverse("office:job", args=[job.pk]),
        state=T("未成功"),
        tone="bad",
        icon="circle-alert",
        urgency=30,
    )


def _running_of_the_portal(actor: Actor) -> list[Task]:
    """For administrators and auditors: what does not run as it should."""
    tasks = []
    if may_run(actor):
        failed = Job.objects.filter(state=JobState.FAILED).exclude(owner_id=actor.user_id)[:100].count()
        unsent = OutboxMessage.objects.filter(state=OutboxState.FAILED)[:100].count()
        if failed:
            tasks.append(_alarm(T("{n} 项任务未成功", n=failed), reverse("office:jobs")))
        if unsent:
            tasks.append(_alarm(T("{n} 条消息未发出", n=unsent), reverse("office:outbox")))
        if upkeep.calendar(clock.now()).is_missing:
            tasks.append(_calendar())
    if actor.has_role(Role.AUDITOR):
        tasks += _of_the_chain(actor)
    return tasks


def _of_the_chain(actor: Actor) -> list[Task]:
    tasks, audit = [], reverse("office:audit")
    if late := sealing.overdue(at=clock.now()):
        tasks.append(_alarm(T("{n} 条审计记录超过 5 分钟未封印", n=late), audit))
    found = trail.last_verified(actor)
    if found and found.faults:
        tasks.append(_alarm(T("审计链核验发现 {n} 处不符", n=found.faults), audit))
    return tasks


def _calendar() -> Task:
    return Task(
        title=T("登记明年的节假日安排"),
        why=T("还没有登记，跨年的期限是预计的。"),
        verb=T("去登记"),
        url=reverse("office:workdays"),
        state=T("待登记"),
        tone="warn",
        icon="calendar-clock",
        urgency=40,
    )


def _alarm(title: Text, url: str) -> Task:
    return Task(
        title=title,
        why=T("请查明原因。"),
        verb=T("查看"),
        url=url,
        state=T("异常"),
        tone="bad",
        icon="siren",
        urgency=10,
    )


def _notices_of(actor: Actor) -> list[Task]:
    unread = unread_notices(actor)
    if not unread:
        return []
    return [
        Task(
            title=T("{n} 条未读消息", n=unread),
            why=T("办理进展和结果会在这里告知。"),
            verb=T("查看消息"),
            url=reverse("office:notices"),
            icon="bell",
            tone="muted",
            urgency=80,
        )
    ]


def panels_for(carrier: object, actor: Actor) -> list[Panel]:
    """The back office has nothing of its own to say about a carrier."""
    return []


def search(actor: Actor, query: str) -> list[Hit]:
    """Jobs are found in their list, not by searching the portal."""
    return []
