"""A real worker that is killed: all rows or none, once, within the lease."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from accounts.actors import Actor
from core import clock
from office.models import Job, JobState
from office.services import jobs
from tests.office import handlers
from tests.office.worker import Broker, empty_broker, until, working

pytestmark = [pytest.mark.postgresql, pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def short_lease(settings: Any) -> None:
    """As in the worker's settings."""
    settings.JOB_LEASE_SECONDS = 3
    empty_broker()


def a_job(actor: Actor, handler: str, **arguments: Any) -> Job:
    return jobs.begin(
        actor=actor,
        handler=f"tests.office.handlers.{handler}",
        title="导入名单",
        at=clock.now(),
        arguments=arguments,
    )


def swept_until_ended(job: Job, seconds: float = 30) -> Job:
    """What the scheduler does every half minute, quicker."""

    def ended() -> bool:
        jobs.sweep(at=clock.now())
        job.refresh_from_db()
        return job.has_ended

    assert until(ended, seconds=seconds, step=0.5), f"still {job.state}"
    return job


@pytest.mark.parametrize("moment", [0.3, 1.0, 1.7])
def test_a_worker_killed_in_the_middle_of_an_import_leaves_all_rows_or_none(
    staff: Actor, moment: float
) -> None:
    with working() as worker:
        job = a_job(staff, "import_rows", rows=40, pause=0.05)
        assert until(lambda: Job.objects.get(pk=job.pk).state == JobState.RUNNING)
        time.sleep(moment)
        worker.kill()
    assert handlers.rows_of(job.pk) == 0
    with working():
        begun = time.monotonic()
        swept_until_ended(job)
    assert time.monotonic() - begun < 15
    assert (job.state, handlers.rows_of(job.pk), job.attempts) == (JobState.DONE, 40, 2)


def test_a_file_that_kills_its_process_is_tried_three_times_and_others_go_on(
    staff: Actor, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    with working():
        poison = a_job(staff, "poison", notes=str(notes))
        assert until(notes.exists)
        swept_until_ended(a_job(staff, "import_rows", rows=5))
        swept_until_ended(poison)
    assert (poison.state, poison.attempts) == (JobState.FAILED, 3)
    assert notes.read_text().splitlines() == ["ran"] * 3


def test_a_broker_that_loses_its_queue_loses_no_job(staff: Actor) -> None:
    queued = [a_job(staff, "import_rows", rows=2) for _ in range(5)]
    empty_broker()
    time.sleep(3)  # a lease: then the sweeper no longer trusts the queue
    with working():
        for job in queued:
            swept_until_ended(job)
    assert [(job.state, handlers.rows_of(job.pk)) for job in queued] == [(JobState.DONE, 2)] * 5


def test_a_broker_that_dies_keeps_nobody_waiting_and_loses_no_job(staff: Actor, settings: Any) -> None:
    broker = Broker()
    settings.CELERY_BROKER_URL = broker.url
    try:
        with working(broker.url):
            broker.kill()
            begun = time.monotonic()
            waiting = [a_job(staff, "import_rows", rows=2) for _ in range(3)]
            assert time.monotonic() - begun < 3
            assert {(job.state, job.sent_at) for job in waiting} == {(JobState.WAITING, None)}
            broker.start()
            for job in waiting:
                swept_until_ended(job, seconds=60)
    finally:
        broker.kill()
    assert [(job.state, handlers.rows_of(job.pk)) for job in waiting] == [(JobState.DONE, 2)] * 3
