"""Long work: begun once, done by whoever holds the lease, visible and stoppable all the way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from accounts.actors import PORTAL, Actor, actor_of
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.models import Job, JobState, StoredFile

log = logging.getLogger(__name__)


class LostLease(Exception):
    """Another worker has this job by now: whatever was not committed is not to be."""


class Cancelled(Exception):
    """Its owner asked to stop."""


@dataclass(slots=True)
class Run:
    """A job in the hands of the worker that holds its lease: what a handler works with."""

    job: Job
    token: int
    actor: Actor
    _told: float = field(default=0.0)

    def progress(self, done: int, total: int, words: str = "") -> None:
        """Tells how far it is, at most once a second, in the cache; asks whether to go on."""
        now = time.monotonic()
        if now - self._told < 1 and done < total:
            return
        self._told = now
        cache.set(progress_key(self.job), {"done": done, "total": total, "words": words}, 3600)
        self._extend()

    def _extend(self) -> None:
        until = clock.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        mine = Job.objects.filter(pk=self.job.pk, lease_token=self.token, state=JobState.RUNNING)
        if transaction.get_connection().in_atomic_block:
            # Inside the applying transaction the row is only looked at: `hold` locks it at the end.
            state = mine.values_list("cancel_asked_at", flat=True).first()
            return self._heed(mine.exists(), state)
        kept = mine.update(lease_until=until)
        asked = Job.objects.filter(pk=self.job.pk).values_list("cancel_asked_at", flat=True).first()
        return self._heed(bool(kept), asked)

    def _heed(self, mine: bool, cancel_asked: datetime | None) -> None:
        if not mine:
            raise LostLease(str(self.job.pk))
        if cancel_asked:
            raise Cancelled(str(self.job.pk))

    def hold(self) -> None:
        """Called last inside the applying transaction: locks the row, so that it commits only if still ours."""
        try:
            row = locked(Job.objects.all(), pk=self.job.pk)
        except Job.DoesNotExist:
            raise LostLease(str(self.job.pk)) from None
        self._heed(row.lease_token == self.token and row.state == JobState.RUNNING, row.cancel_asked_at)

    def finish(self, *, outcome: Mapping[str, Any], result: StoredFile | None = None) -> None:
        """Marks it done, in the same transaction as its work."""
        self.hold()
        now = clock.now()
        Job.objects.filter(pk=self.job.pk).update(
            state=JobState.DONE,
            ended_at=now,
            lease_until=None,
            outcome=dict(outcome),
            result=result,
        )


Handler = Callable[[Run], None]


def progress_key(job: Job) -> str:
    return f"job:{job.pk}:progress"


def progress_of(job: Job) -> dict[str, Any]:
    """How far it was when it last told: `{"done", "total", "words"}`, empty when nobody told yet."""
    found: dict[str, Any] = cache.get(progress_key(job)) or {}
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
) -> Job:
    """Writes the job and sends its id after commit. `handler` is a dotted name: `registry.tasks.export_carriers`."""
    job = Job.objects.create(
        handler=handler,
        title=title,
        arguments=dict(arguments or {}),
        owner=actor.user,
        appointment=actor.appointment,
        created_at=at,
        source=source,
        link=link,
    )
    transaction.on_commit(lambda: send(job))
    return job


def send(job: Job) -> None:
    """Puts the id on the queue. A broker that does not answer is no fault of the person: the sweeper sends again."""
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        return
    try:
        current_app.send_task("office.tasks.run_job", args=[str(job.pk)], retry=False)
    except Exception as error:  # the broker's client raises many kinds
        log.warning("job %s is not on the queue yet: %s", job.pk, error)


def claim(*, job_id: str, at: datetime) -> Run | None:
    """Takes the lease of a job that waits or whose worker is gone; nothing when another has it or it has ended."""
    with transaction.atomic():
        job = locked(Job.objects.select_related("source").all(), pk=job_id)
        free = job.state == JobState.WAITING or (
            job.state == JobState.RUNNING and (job.lease_until is None or job.lease_until <= at)
        )
        if not free:
            return None
        if job.cancel_asked_at:
            _end(job, JobState.CANCELLED, at)
            return None
        if job.attempts >= settings.JOB_ATTEMPTS:
            _end(job, JobState.FAILED, at, str(T("已尝试 {n} 次，均未完成。", n=job.attempts)))
            return None
        job.state = JobState.RUNNING
        job.attempts += 1
        job.lease_token += 1
        job.started_at = job.started_at or at
        job.lease_until = at + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        job.save()
    return Run(job, job.lease_token, _actor_of(job, at))


def _actor_of(job: Job, at: datetime) -> Actor:
    """The person with the rights they have now, not those of when they asked."""
    if job.owner is None:
        return PORTAL
    held = job.appointment
    day = clock.day_of(at)
    valid = (
        held is not None
        and held.valid_from <= day
        and (held.valid_to is None or held.valid_to >= day)
        and held.user.is_active
    )
    return actor_of(held) if valid and held else Actor(user=job.owner)


def _end(job: Job, state: JobState, at: datetime, failure: str = "") -> None:
    job.state, job.ended_at, job.lease_until, job.failure = state, at, None, failure
    job.save()


def run(*, job_id: str) -> None:
    """Does a job to its end. What the handler did not commit is gone when it fails."""
    held = claim(job_id=job_id, at=clock.now())
    if held is None:
        return
    handler: Handler = import_string(held.job.handler)
    try:
        handler(held)
    except LostLease:
        return
    except Cancelled:
        _settle(held, JobState.CANCELLED)
    except Refused as refusal:
        _settle(held, JobState.FAILED, "\n".join(str(p.message) for p in refusal.problems))
    except Exception:
        log.exception("job %s failed", held.job.pk)
        _settle(held, JobState.FAILED, str(T("系统未能完成此任务，未写入任何数据。已记录，可重试。")))


def _settle(held: Run, state: JobState, failure: str = "") -> None:
    Job.objects.filter(pk=held.job.pk, lease_token=held.token, state=JobState.RUNNING).update(
        state=state, ended_at=clock.now(), lease_until=None, failure=failure
    )


def cancel(*, actor: Actor, job_id: str, at: datetime) -> Job:
    """A waiting job ends at once; a running one stops at its next step."""
    with transaction.atomic():
        job = locked(Job.objects.visible_to(actor), pk=job_id)
        if job.has_ended:
            raise Refused(Problem("job.ended", T("任务已经结束，不能取消。")))
        job.cancel_asked_at = job.cancel_asked_at or at
        if job.state == JobState.WAITING:
            job.state, job.ended_at = JobState.CANCELLED, at
        job.save()
    return job


def retry(*, actor: Actor, job_id: str, at: datetime) -> Job:
    """Begins a failed or cancelled job anew, with all its tries."""
    with transaction.atomic():
        job = locked(Job.objects.visible_to(actor), pk=job_id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise Refused(Problem("job.not_failed", T("只有未成功或已取消的任务可以重试。")))
        job.state, job.ended_at, job.attempts, job.failure = JobState.WAITING, None, 0, ""
        job.cancel_asked_at = None
        job.save()
        transaction.on_commit(lambda: send(job))
    return job


def sweep(*, at: datetime) -> int:
    """Sends again what waits too long or lost its worker. How many were sent."""
    stale = at - timedelta(seconds=min(30, settings.JOB_LEASE_SECONDS))
    rows = Job.objects.filter(
        Q(state=JobState.WAITING, created_at__lt=stale) | Q(state=JobState.RUNNING, lease_until__lt=at)
    )
    lost = list(rows[:500])
    for job in lost:
        send(job)
    return len(lost)
