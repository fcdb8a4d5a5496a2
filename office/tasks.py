"""What the worker runs: each loads by id and makes one call."""

from __future__ import annotations

import logging

from celery import shared_task
from django.core.cache import cache
from django.db import transaction

from core import clock
from office.services import cleaning, jobs, notices, outbox, periods, sealing, trail, upkeep
from office.services.jobs import Run

log = logging.getLogger(__name__)
MORNING = 8


@shared_task
def run_job(job_id: str) -> None:
    jobs.run(job_id=job_id)


@shared_task
def sweep_jobs() -> None:
    at = clock.now()
    if periods.once(task="sweep_jobs", period=periods.slot(at, 25), at=at):
        jobs.sweep(at=at)


@shared_task
def seal_audit() -> None:
    at = clock.now()
    if not periods.once(task="seal_audit", period=periods.slot(at, 50), at=at):
        return
    sealing.seal(at=at)
    if late := sealing.overdue(at=at):
        log.error("%s audit entries are older than five minutes and not sealed", late)


@shared_task
def send_outbox() -> None:
    at = clock.now()
    if periods.once(task="send_outbox", period=periods.slot(at, 15), at=at):
        outbox.send_waiting(at=at)


@shared_task
def send_digests() -> None:
    """Once a day, from eight in the morning."""
    at = clock.now()
    if at.astimezone(clock.SHANGHAI).hour < MORNING:
        return
    with transaction.atomic():
        if periods.once(task="send_digests", period=str(clock.day_of(at)), at=at):
            notices.send_digests(at=at)


@shared_task
def clear_old() -> None:
    at = clock.now()
    if periods.once(task="clear_old", period=str(clock.day_of(at)), at=at):
        cleaning.clear(at=at)


@shared_task
def heartbeat() -> None:
    """Shows that a worker answers (`/readyz`)."""
    cache.set(upkeep.HEARTBEAT, clock.now().isoformat(), 120)


def verify_audit(run: Run) -> None:
    """A job's work: is the audit what was sealed?"""
    trail.verify(run)


def export_audit(run: Run) -> None:
    """A job's work: the audit as its owner narrowed it."""
    trail.copy(run)
