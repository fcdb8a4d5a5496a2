"""Two schedulers, one run."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from config.celery import app
from core import clock
from office import tasks
from office.models import PeriodRun
from office.services import periods

pytestmark = pytest.mark.django_db


def test_a_period_is_taken_once(now: datetime) -> None:
    assert periods.once(task="remind", period="2026-03-18", at=now)
    assert not periods.once(task="remind", period="2026-03-18", at=now)
    assert periods.once(task="remind", period="2026-03-19", at=now)
    assert periods.once(task="publish", period="2026-03-18", at=now)


def test_work_that_failed_leaves_its_period_free(now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert periods.once(task="remind", period="2026-03-18", at=now)
        raise ZeroDivisionError
    assert periods.once(task="remind", period="2026-03-18", at=now)


def test_a_slot_is_the_same_for_all_instants_of_its_stretch(now: datetime) -> None:
    start = datetime.fromtimestamp(1_800_000_000, clock.SHANGHAI)
    assert periods.slot(start, 50) == "50s:36000000" == periods.slot(start + timedelta(seconds=49), 50)
    assert periods.slot(start + timedelta(seconds=50), 50) == "50s:36000001"


def test_scheduled_tasks_run_once_a_period(
    monkeypatch: pytest.MonkeyPatch, at: object, data_dir: object
) -> None:
    at(2026, 3, 18, 3, 10)  # type: ignore[operator]
    ran: list[str] = []
    verbs = [(tasks.jobs, "sweep"), (tasks.sealing, "seal"), (tasks.outbox, "send_waiting")]
    for room, verb in [*verbs, (tasks.cleaning, "clear")]:
        monkeypatch.setattr(room, verb, lambda verb=verb, **_given: ran.append(verb))
    for _scheduler in range(2):
        for task in (tasks.sweep_jobs, tasks.seal_audit, tasks.send_outbox, tasks.clear_old):
            task()
    assert ran == ["sweep", "seal", "send_waiting", "clear"]


def test_the_schedule_names_tasks_that_there_are() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_connections_race_for_a_period_and_one_works() -> None:
    start, won = threading.Barrier(2), []

    def race() -> None:
        try:
            start.wait()
            with transaction.atomic():
                won.append(periods.once(task="remind", period="2026-03-18", at=clock.now()))
        finally:
            connection.close()

    racers = [threading.Thread(target=race) for _ in range(2)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(won) == [False, True]
    assert PeriodRun.objects.count() == 1
