"""What the worker runs: each loads by id and makes one call."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache

from core import clock
from office.services import jobs


@shared_task
def run_job(job_id: str) -> None:
    jobs.run(job_id=job_id)


@shared_task
def sweep_jobs() -> None:
    jobs.sweep(at=clock.now())


@shared_task
def heartbeat() -> None:
    """Shows that a worker answers (`/readyz`)."""
    cache.set("worker:heartbeat", clock.now().isoformat(), 120)
