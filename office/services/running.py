"""A job in the hands of a worker: takes the lease, keeps it alive, lets nothing be written without it.

Two things make 'all or nothing, once' hold when workers die, hang or overlap:

* the fencing token: each taking of the lease raises it, and `Run.hold`, the last act of the transaction
  that applies the work, locks the row and compares. A worker that lost its lease rolls back;
* the keeper: a thread with its own connection renews the lease while the handler reads, computes or is
  inside its one long transaction, so that long work is not taken for dead work. On SQLite an open writing
  transaction is the only writer: the keeper waits for it, and so does whoever wants to take the lease.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils.module_loading import import_string

from accounts.actors import PORTAL, Actor, actor_of
from accounts.models import Appointment
from core import clock
from core.http import shown_all
from core.locks import locked
from core.problems import Refused, grouped
from core.text import T
from office.models import Job, JobState, StoredFile

log = logging.getLogger(__name__)
PROGRESS_SECONDS = 3600
KEPT_PROBLEMS = 500


class LostLease(Exception):
    """Another worker has this job by now: whatever was not committed is not to be."""


class Cancelled(Exception):
    """Its owner asked to stop."""


def progress_key(job: Job) -> str:
    return f"job:{job.pk}:progress"


@dataclass(slots=True)
class Run:
    """A job whose lease this worker holds: what a handler works with."""

    job: Job
    token: int
    actor: Actor
    _told: float = field(default=0.0)
    _renewed: float = field(default_factory=time.monotonic)

    def progress(self, done: int, total: int, words: str = "") -> None:
        """Tells how far it is, at most once a second, and stops here when the job was cancelled or lost.

        To be called often, inside and outside of transactions.
        """
        now = time.monotonic()
        if self._told and now - self._told < 1 and done < total:
            return
        self._told = now
        try:
            told = {"done": done, "total": total, "words": words}
            cache.set(progress_key(self.job), told, PROGRESS_SECONDS)
        except Exception as error:  # the cache's client raises many kinds; progress is never worth the work
            log.warning("progress of job %s is not shown: %s", self.job.pk, error)
        if not connection.in_atomic_block and now - self._renewed > settings.JOB_LEASE_SECONDS / 3:
            renew(self.job, self.token)
            self._renewed = now
        self._heed(Job.objects.filter(pk=self.job.pk).first())

    def _heed(self, row: Job | None) -> None:
        if row is None or row.lease_token != self.token or row.state != JobState.RUNNING:
            raise LostLease(str(self.job.pk))
        if row.cancel_asked_at:
            raise Cancelled(str(self.job.pk))

    def hold(self) -> None:
        """Called last inside the applying transaction: locks the row, so it commits only if still ours."""
        try:
            row = locked(Job.objects.all(), pk=self.job.pk)
        except Job.DoesNotExist:
            row = None
        self._heed(row)

    def finish(
        self, *, outcome: Mapping[str, Any], result: StoredFile | None = None, awaits_owner: bool = False
    ) -> None:
        """Marks it done, in the same transaction as its work. `awaits_owner`: it found something that its
        owner has to confirm, at the job's `link`."""
        self.hold()
        Job.objects.filter(pk=self.job.pk).update(
            state=JobState.DONE,
            ended_at=clock.now(),
            lease_until=None,
            outcome=dict(outcome),
            result=result,
            awaits_owner=awaits_owner,
        )


Handler = Callable[[Run], None]


def renew(job: Job, token: int) -> bool:
    """The lease from now on, if it is still this worker's."""
    until = clock.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    mine = Job.objects.filter(pk=job.pk, lease_token=token, state=JobState.RUNNING)
    return mine.update(lease_until=until) == 1


class Keeper:
    """Renews the lease beside the handler, no longer than a task may run at all."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Keeper:
        # A caller's own transaction, and a database in memory, hide the row from another connection.
        in_memory = getattr(connection, "is_in_memory_db", lambda: False)()
        if not in_memory and not connection.in_atomic_block:
            self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _keep(self) -> None:
        end = time.monotonic() + settings.CELERY_TASK_TIME_LIMIT
        try:
            while not self._stop.wait(settings.JOB_LEASE_SECONDS / 3) and time.monotonic() < end:
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            if not renew(self._run.job, self._run.token):
                self._stop.set()  # lost or ended: the handler finds out at its next step
        except DatabaseError as error:  # the applying transaction holds the row, or the server restarts
            log.warning("lease of job %s not renewed: %s", self._run.job.pk, error)
            connection.close()


def claim(*, job_id: str, at: datetime) -> Run | None:
    """Takes the lease of a job that waits or whose worker is gone; nothing when it is taken or has ended."""
    with transaction.atomic():
        job = locked(Job.objects.all(), pk=job_id)
        lost = job.state == JobState.RUNNING and (job.lease_until is None or job.lease_until <= at)
        if not (job.state == JobState.WAITING or lost):
            return None
        if job.cancel_asked_at:
            _end(job, JobState.CANCELLED, at)
            return None
        if job.attempts >= settings.JOB_ATTEMPTS:
            words = T(
                "已尝试 {n} 次，处理程序每次都中断，未写入任何数据。请检查文件，或联系系统管理员。",
                n=job.attempts,
            )
            _end(job, JobState.FAILED, at, str(words))
            log.error("job %s ended its worker %s times", job.pk, job.attempts)
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
    held = Appointment.objects.valid_on(clock.day_of(at)).select_related("user", "region")
    found = held.filter(pk=job.appointment.pk).first() if job.appointment else None
    return actor_of(found) if found else Actor(user=job.owner)


def _end(job: Job, state: JobState, at: datetime, failure: str = "") -> None:
    job.state, job.ended_at, job.lease_until, job.failure = state, at, None, failure
    job.save()


def run(*, job_id: str) -> None:
    """Does a job to its end. What the handler did not commit is gone when it fails."""
    held = claim(job_id=job_id, at=clock.now())
    if held is None:
        return
    try:
        handler: Handler = import_string(held.job.handler)
        with Keeper(held):
            handler(held)
    except LostLease:
        log.warning("job %s went to another worker", held.job.pk)
    except Cancelled:
        _settle(held, JobState.CANCELLED)
    except Refused as refusal:
        _settle(held, JobState.FAILED, *_said_of(refusal))
    except SoftTimeLimitExceeded:
        _settle(held, JobState.FAILED, str(T("处理超过时限，已停止，未写入任何数据。请拆分后再试。")))
    except OperationalError:
        log.exception("the database broke off job %s", held.job.pk)
        _give_back(held)
    except Exception:
        log.exception("job %s failed", held.job.pk)
        _settle(held, JobState.FAILED, str(T("系统未能完成此任务，未写入任何数据。已记录，可重试。")))


def _said_of(refusal: Refused) -> tuple[str, dict[str, Any]]:
    """One sentence for the strip, and the problems, equal ones once, for the page."""
    found = refusal.problems
    first = found[0].message if found else T("未能完成。")
    sentence = first if len(found) < 2 else T("{first}（共 {n} 处问题）", first=first, n=len(found))
    return str(sentence), {"problems": shown_all(grouped(found)[:KEPT_PROBLEMS])}


def _give_back(held: Run) -> None:
    """A deadlock, a restart or a cut connection is no fault of the job: its lease ends now, the sweeper
    sends it again, and the tries are counted."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    mine = Job.objects.filter(pk=held.job.pk, lease_token=held.token, state=JobState.RUNNING)
    mine.update(lease_until=clock.now(), sent_at=None)


def _settle(held: Run, state: JobState, failure: str = "", outcome: Mapping[str, Any] | None = None) -> None:
    """Ends a run that did not finish, if it is still this worker's."""
    Job.objects.filter(pk=held.job.pk, lease_token=held.token, state=JobState.RUNNING).update(
        state=state, ended_at=clock.now(), lease_until=None, failure=failure, outcome=dict(outcome or {})
    )
