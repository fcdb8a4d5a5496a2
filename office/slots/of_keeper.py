"""The system administrator's home: what does not run, what runs, room and versions, regions and calendar."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.actors import Actor
from core.slots import HomePart
from core.text import T
from office.models import Job, JobState, OutboxMessage, OutboxState
from office.services import upkeep
from office.services.standing import standing

SHOWN = 8
PAGES = (
    (T("人员与任职"), "accounts:people"),
    (T("区域管理"), "office:regions"),
    (T("工作日调整"), "office:workdays"),
    (T("对外消息"), "office:outbox"),
    (T("任务运行"), "office:jobs"),
)
OPEN = (JobState.RUNNING, JobState.WAITING)


def parts(actor: Actor, at: datetime) -> list[HomePart]:
    disk = upkeep.disk()
    queue = upkeep.queue(actor)
    seen = upkeep.worker_seen()
    head = {"queue": queue, "disk": disk, "worker": seen}
    around = {
        "disk": disk,
        "versions": upkeep.versions(),
        "backup": (backup := upkeep.newest_backup()),
        "stale": backup is not None and backup.is_stale(at),
        "worker": seen,
    }
    return [
        HomePart(title="", template="office/home_counts.html", context=head, place="head", order=10),
        *_stopped(actor, queue),
        _open(actor, at, seen),
        *_unsent(actor, queue),
        HomePart(
            title=T("运行环境"), template="office/home_system.html", context=around, place="aside", order=10
        ),
        HomePart(
            title=T("区域与日历"),
            template="office/home_calendar.html",
            context={"calendar": upkeep.calendar(at)},
            place="aside",
            order=20,
        ),
        HomePart(
            title=T("管理页面"),
            template="office/home_links.html",
            context={"links": [(words, reverse(page)) for words, page in PAGES]},
            place="aside",
            order=30,
        ),
    ]


def _stopped(actor: Actor, queue: upkeep.Queue) -> list[HomePart]:
    if not queue.failed:
        return []
    failed = Job.objects.visible_to(actor).filter(state=JobState.FAILED).select_related("owner")
    return [
        HomePart(
            title=T("未成功的任务"),
            note=T("{n} 项", n=queue.failed),
            template="office/home_failed.html",
            context={"jobs": failed.order_by("-ended_at")[:SHOWN]},
            more=(T("全部"), f"{reverse('office:jobs')}?state=failed"),
            order=10,
        )
    ]


def _open(actor: Actor, at: datetime, seen: datetime | None) -> HomePart:
    rows = Job.objects.visible_to(actor).filter(state__in=OPEN).select_related("owner").order_by("created_at")
    told = [(job, standing(job, at=at, listed=True)) for job in rows[:SHOWN]]
    return HomePart(
        title=T("进行中与排队"),
        note="" if seen else T("处理程序没有应答"),
        template="office/home_open.html",
        context={"jobs": told},
        more=(T("全部"), reverse("office:jobs")),
        order=20,
    )


def _unsent(actor: Actor, queue: upkeep.Queue) -> list[HomePart]:
    if not queue.mail_failed:
        return []
    failed = OutboxMessage.objects.visible_to(actor).filter(state=OutboxState.FAILED)
    return [
        HomePart(
            title=T("未发出的消息"),
            note=T("{n} 条", n=queue.mail_failed),
            template="office/home_unsent.html",
            context={"messages": failed[:SHOWN]},
            more=(T("全部"), reverse("office:outbox")),
            order=30,
        )
    ]
