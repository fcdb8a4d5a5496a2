"""A worker killed with -9 in the middle of a real import: all rows or none, settled within the lease."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from core import clock
from office.models import ImportState, Job, JobState
from office.services import jobs
from reporting.models import RosterRow, WorkbookImport
from reporting.services import workbooks
from tests.office.worker import empty_broker, until, working
from tests.reporting.conftest import DAY, World, credit_code, make_world
from tests.reporting.workbooks import blank, put_rows, saved

pytestmark = [pytest.mark.postgresql, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
ROWS = 5000


@pytest.fixture
def world(settings: Any) -> World:
    """The usual province, committed, with the worker's short lease."""
    settings.JOB_LEASE_SECONDS = 3
    empty_broker()
    return make_world()


def content(world: World) -> bytes:
    book = blank(world.mine)
    day = dt.date(2024, 5, 1)
    row = {"founded": day, "entered": day, "field": "电子信息", "revenue": 12.5}
    put_rows(book, [{"name": f"企业{n}", "credit_code": credit_code(n), **row} for n in range(1, ROWS + 1)])
    return saved(book)


def ended(job: Job) -> bool:
    jobs.sweep(at=clock.now())
    job.refresh_from_db()
    return job.has_ended


def rows_of(world: World) -> int:
    return RosterRow.objects.filter(version=world.mine.current).count()


def test_all_rows_or_none_and_settled_within_the_shortened_lease(world: World) -> None:
    upload = workbooks.upload(
        actor=world.staff, return_id=world.mine.pk, content=content(world), name="年报.xlsx", at=DAY
    )
    with working():
        assert until(lambda: ended(upload.job), seconds=60, step=0.5)
    assert rows_of(world) == 0 and WorkbookImport.objects.get().report["tables"]["roster"]["new"] == ROWS
    attempts = []
    for moment in (0.0, 0.2, 0.4):
        with working() as worker:  # it listens before there is anything to do
            held = workbooks.confirm(actor=world.staff, import_id=upload.pk, at=DAY)
            running = Job.objects.filter(pk=held.job.pk).exclude(state=JobState.WAITING)
            assert until(running.exists, step=0.02)
            time.sleep(moment)
            worker.kill()
        assert rows_of(world) in (0, ROWS)
        begun = time.monotonic()
        with working():
            assert until(lambda job=held.job: ended(job), seconds=60, step=0.5)
        assert time.monotonic() - begun < 30
        assert (held.job.state, rows_of(world)) == (JobState.DONE, ROWS)
        assert WorkbookImport.objects.get().state == ImportState.APPLIED
        attempts.append(held.job.attempts)
        RosterRow.objects.all().delete()  # as before, for the next moment
        WorkbookImport.objects.update(state=ImportState.CHECKED, applied_at=None)
    assert 2 in attempts  # one at least was killed at work, and a second worker did it
