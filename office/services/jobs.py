"""Long work: begun once, sent until somebody takes it, visible and stoppable all the way.

The row is the truth; the queue carries ids and may lose or double them. `running` does the work.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.actors import Actor
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.models import Job, JobState, StoredFile
from office.services import audit
from office.services.retrying import retried
from office.services.running import Cancelled, Handler, LostLease, Run, claim, progress_key, run

__all__ = [
    "Cancelled",
    "Handler",
    "LostLease",
    "Run",
    "attended",
    "begin",
    "cancel",
    "claim",
    "progress_key",
    "progress_of",
    "retry",
    "run",
    "send",
    "sweep",
]

log = logging.getLogger(__name__)
# A broker that is down must not keep a person waiting: one try, a second to connect.
_QUICK = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
}


def progress_of(job: Job) -> dict[str, Any]:
    """How far it was when it last told: `{"done", "total", "words"}`; empty when that is not known."""
    try:
        found: dict[str, Any] = cache.get(progress_key(job)) or {}
    except Exception as error:  # the cache's client raises many kinds
        log.warning("progress of job %s is not known: %s", job.pk, error)
        return {}
    return found


def begin(
    *,
    actor: Actor,
    handler: str,
    title: str,
    at: datetime,
    arguments: Mapping[str, Any] | None = None,
    source: StoredFile | None = None,
    link: str = "",
    lane: str = "",
    at_once: bool = False,
) -> Job:
    """Writes the job and sends its id after commit. `handler` is a dotted name: `registry.tasks.export`.

    With a `lane` it is refused while another job of that lane is open: one import of one carrier at a
    time, and a second click begins nothing. With `at_once` the caller runs it itself: it is not sent, and
    the sweeper sends it should the caller die.
    """
    job = Job(
        handler=handler,
        title=title,
        arguments=dict(arguments or {}),
        owner=actor.user,
        appointment=actor.appointment,
        created_at=at,
        source=source,
        link=link,
        lane=lane,
    )
    _save_in_lane(job)
    if not at_once:
        transaction.on_commit(lambda: send(job))
    return job


def _save_in_lane(job: Job) -> None:
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        if not job.lane:
            raise
        words = T("同一事项已有任务在进行，请等它结束后再提交。")
        raise Refused(Problem("job.lane", words)) from None


def send(job: Job) -> bool:
    """Puts the id on the queue. A broker that does not answer is no fault of the person: the job waits, and
    the sweeper sends again."""
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        return False
    try:
        with current_app.connection_for_write(settings.CELERY_BROKER_URL, transport_options=_QUICK) as broker:
            current_app.send_task("office.tasks.run_job", args=[str(job.pk)], retry=False, connection=broker)
    except Exception as error:  # the broker's client raises many kinds
        log.warning("job %s is not on the queue yet: %s", job.pk, error)
        return False
    Job.objects.filter(pk=job.pk).update(sent_at=clock.now())
    return True


@retried
def cancel(*, actor: Actor, job_id: str, at: datetime) -> Job:
    """A waiting job ends at once; a running one stops at its next step."""
    with transaction.atomic():
        job = locked(Job.objects.visible_to(actor), pk=job_id)
        if job.has_ended:
            raise Refused(Problem("job.ended", T("任务已经结束，不能取消。")))
        job.cancel_asked_at = job.cancel_asked_at or at
        if job.state == JobState.WAITING:
            job.state, job.ended_at = JobState.CANCELLED, max(at, job.created_at)
        job.save()
        audit.record(actor=actor, action="job.cancel", on=job, at=at, detail={"title": job.title})
    return job


@retried
def retry(*, actor: Actor, job_id: str, at: datetime) -> Job:
    """Begins a failed or cancelled job anew, with all its tries."""
    with transaction.atomic():
        job = locked(Job.objects.visible_to(actor), pk=job_id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise Refused(Problem("job.not_failed", T("只有未成功或已取消的任务可以重试。")))
        job.state, job.ended_at, job.attempts, job.failure = JobState.WAITING, None, 0, ""
        job.cancel_asked_at, job.sent_at, job.outcome = None, None, {}
        _save_in_lane(job)
        audit.record(actor=actor, action="job.retry", on=job, at=at, detail={"title": job.title})
        transaction.on_commit(lambda: send(job))
    return job


def attended(*, job: Job) -> None:
    """Its owner confirmed or dropped what it found; in the caller's transaction."""
    Job.objects.filter(pk=job.pk).update(awaits_owner=False)


def sweep(*, at: datetime) -> int:
    """Sends again what was never sent, what a broker lost, and what lost its worker. How many were sent.

    A job that waits in a long queue is sent again once a lease time, not at each sweep; the extra
    messages find it taken and do nothing.
    """
    patience = at - timedelta(seconds=settings.JOB_LEASE_SECONDS)
    open_jobs = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=at)
    unsent = Q(sent_at=None, created_at__lt=at - timedelta(seconds=5)) | Q(sent_at__lt=patience)
    sent = 0
    for job in Job.objects.filter(open_jobs & unsent).order_by("created_at")[:500]:
        if not send(job):
            break  # the broker is away; the next sweep tries again
        sent += 1
    return sent
