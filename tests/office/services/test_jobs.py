"""A job is done once or not at all, and its owner always knows how it stands."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.actors import Actor
from accounts.models import Appointment
from core import clock
from core.problems import Refused
from office.models import AuditEntry, Job, JobState
from office.services import jobs, running
from tests.office import handlers

pytestmark = pytest.mark.django_db


def a_job(actor: Actor, handler: str = "import_rows", **arguments: Any) -> Job:
    return jobs.begin(
        actor=actor,
        handler=f"tests.office.handlers.{handler}",
        title="导入名单",
        at=clock.now(),
        arguments={"rows": 3, **arguments},
    )


def test_a_job_is_begun_waiting_and_done_with_its_rows_and_outcome(staff: Actor) -> None:
    job = a_job(staff)
    assert (job.state, job.owner, job.appointment) == (JobState.WAITING, staff.user, staff.appointment)
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.outcome, job.attempts, job.lease_until) == (JobState.DONE, {"rows": 3}, 1, None)
    assert handlers.rows_of(job.pk) == 3
    assert jobs.progress_of(job) == {"done": 3, "total": 3, "words": "写入"}


def test_the_same_id_from_the_queue_again_does_nothing(staff: Actor) -> None:
    job = a_job(staff)
    for _again in range(3):
        jobs.run(job_id=str(job.pk))
    assert handlers.rows_of(job.pk) == 3
    assert Job.objects.get().attempts == 1


def test_a_refused_job_keeps_every_reason_and_writes_nothing(staff: Actor) -> None:
    job = a_job(staff, "refuse")
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.failure) == (JobState.FAILED, "第一处不对。（共 2 处问题）")
    assert [row["place"] for row in job.outcome["problems"]] == ["在孵企业名单!D17", "在孵企业名单!D18"]
    assert handlers.rows_of(job.pk) == 0


def test_a_fault_of_ours_fails_the_job_with_a_sentence_and_writes_nothing(
    staff: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    job = a_job(staff, "stumble")
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.failure) == (
        JobState.FAILED,
        "系统未能完成此任务，未写入任何数据。已记录，可重试。",
    )
    assert handlers.rows_of(job.pk) == 0
    assert "ZeroDivisionError" in caplog.text


def test_a_job_that_the_database_broke_off_is_sent_again_and_done(
    staff: Actor, sent: list[uuid.UUID], now: datetime
) -> None:
    job = a_job(staff, "be_broken_off")
    jobs.run(job_id=str(job.pk))
    assert Job.objects.get().state == JobState.RUNNING
    assert handlers.rows_of(job.pk) == 0
    Job.objects.update(created_at=now - timedelta(seconds=10))
    assert jobs.sweep(at=clock.now() + timedelta(seconds=1)) == 1
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts, handlers.rows_of(job.pk)) == (JobState.DONE, 2, 1)


def test_a_worker_that_lost_its_lease_cannot_write(staff: Actor) -> None:
    job = a_job(staff, "be_overtaken")
    jobs.run(job_id=str(job.pk))
    assert handlers.rows_of(job.pk) == 0
    assert Job.objects.get().state == JobState.RUNNING  # its successor's now


def test_a_lease_is_taken_only_when_free_or_run_out(staff: Actor, now: datetime, settings: Any) -> None:
    job_id = str(a_job(staff).pk)
    first = jobs.claim(job_id=job_id, at=now)
    assert first is not None
    assert jobs.claim(job_id=job_id, at=now + timedelta(seconds=settings.JOB_LEASE_SECONDS - 1)) is None
    second = jobs.claim(job_id=job_id, at=now + timedelta(seconds=settings.JOB_LEASE_SECONDS))
    assert second is not None
    assert second.token == first.token + 1
    with pytest.raises(jobs.LostLease):
        first.progress(1, 1)
    with transaction.atomic(), pytest.raises(jobs.LostLease):
        first.finish(outcome={})
    with transaction.atomic():
        second.finish(outcome={"rows": 0})
    assert Job.objects.get().state == JobState.DONE


def test_a_job_whose_worker_dies_each_time_fails_after_three_tries(
    staff: Actor, now: datetime, settings: Any
) -> None:
    job_id, at = str(a_job(staff).pk), now
    for _try in range(3):
        assert jobs.claim(job_id=job_id, at=at) is not None
        at += timedelta(seconds=settings.JOB_LEASE_SECONDS + 1)
    assert jobs.claim(job_id=job_id, at=at) is None
    job = Job.objects.get()
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert job.failure.startswith("已尝试 3 次")


def test_waiting_is_cancelled_at_once_running_at_its_next_step(staff: Actor, now: datetime) -> None:
    waiting = a_job(staff)
    assert jobs.cancel(actor=staff, job_id=str(waiting.pk), at=now).state == JobState.CANCELLED
    running_job = a_job(staff)
    held = jobs.claim(job_id=str(running_job.pk), at=now)
    assert held is not None
    jobs.cancel(actor=staff, job_id=str(running_job.pk), at=now)
    with pytest.raises(jobs.Cancelled):
        held.progress(1, 3)
    with transaction.atomic(), pytest.raises(jobs.Cancelled):
        held.finish(outcome={})
    with pytest.raises(Refused, match="任务已经结束"):
        jobs.cancel(actor=staff, job_id=str(waiting.pk), at=now)
    assert AuditEntry.objects.filter(action="job.cancel").count() == 2


def test_a_handler_that_is_cancelled_writes_nothing(staff: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    job = a_job(staff)
    monkeypatch.setattr(time, "monotonic", iter(range(0, 100, 2)).__next__)  # a second passes at each step
    original = running.clock.now

    def asked() -> datetime:
        Job.objects.filter(pk=job.pk).update(cancel_asked_at=original())
        return original()

    monkeypatch.setattr(handlers, "clock", type("Clock", (), {"now": staticmethod(asked)}))
    jobs.run(job_id=str(job.pk))
    assert Job.objects.get().state == JobState.CANCELLED
    assert handlers.rows_of(job.pk) == 0


def test_a_failed_job_is_begun_anew_with_all_its_tries(staff: Actor, now: datetime) -> None:
    job = a_job(staff, "refuse")
    jobs.run(job_id=str(job.pk))
    again = jobs.retry(actor=staff, job_id=str(job.pk), at=now)
    assert (again.state, again.attempts, again.failure, again.outcome) == (JobState.WAITING, 0, "", {})
    with pytest.raises(Refused, match="只有未成功或已取消"):
        jobs.retry(actor=staff, job_id=str(job.pk), at=now)


def test_one_import_of_a_carrier_at_a_time_and_a_second_click_begins_nothing(
    staff: Actor, now: datetime
) -> None:
    def begin(lane: str) -> Job:
        handler = "tests.office.handlers.import_rows"
        return jobs.begin(
            actor=staff, handler=handler, title="导入", at=now, arguments={"rows": 0}, lane=lane
        )

    first = begin("import:FH-0001")
    with pytest.raises(Refused, match="同一事项已有任务在进行"):
        begin("import:FH-0001")
    begin("import:FH-0002")
    begin("")
    begin("")
    jobs.cancel(actor=staff, job_id=str(first.pk), at=now)
    begin("import:FH-0001")
    with pytest.raises(Refused, match="同一事项已有任务在进行"):
        jobs.retry(actor=staff, job_id=str(first.pk), at=now)
    first.refresh_from_db()
    assert first.state == JobState.CANCELLED


def test_another_persons_job_does_not_exist(staff: Actor, cast: Any, now: datetime) -> None:
    job = a_job(staff)
    stranger = cast("路人")
    for verb in (jobs.cancel, jobs.retry):
        with pytest.raises(Job.DoesNotExist):
            verb(actor=stranger, job_id=str(job.pk), at=now)


def test_a_job_runs_with_the_rights_that_its_owner_has_now(staff: Actor, now: datetime) -> None:
    job_id = str(a_job(staff).pk)
    Appointment.objects.update(valid_to=date(2020, 2, 1))
    held = jobs.claim(job_id=job_id, at=now)
    assert held is not None
    assert (held.actor.user, held.actor.appointment, held.actor.role) == (staff.user, None, "public")


def test_progress_is_told_at_most_once_a_second(staff: Actor, now: datetime, settings: Any) -> None:
    held = jobs.claim(job_id=str(a_job(staff).pk), at=now)
    assert held is not None
    for done in range(1, 500):
        held.progress(done, 1000)
    assert jobs.progress_of(held.job)["done"] == 1


def test_what_was_found_waits_for_its_owner_until_attended(staff: Actor, now: datetime) -> None:
    held = jobs.claim(job_id=str(a_job(staff).pk), at=now)
    assert held is not None
    with transaction.atomic():
        held.finish(outcome={"new": 4}, awaits_owner=True)
    job = Job.objects.get(awaits_owner=True)
    jobs.attended(job=job)
    assert not Job.objects.filter(awaits_owner=True).exists()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """What the sweeper sends, with a broker that takes it."""
    found: list[uuid.UUID] = []

    def take(job: Job) -> bool:
        found.append(job.pk)
        Job.objects.filter(pk=job.pk).update(sent_at=clock.now())
        return True

    monkeypatch.setattr(jobs, "send", take)
    return found


def test_the_sweeper_sends_what_was_never_sent_or_lost_its_worker(
    staff: Actor, now: datetime, sent: list[uuid.UUID], settings: Any
) -> None:
    lease = timedelta(seconds=settings.JOB_LEASE_SECONDS)
    unsent, lost, alive, queued = (a_job(staff) for _ in range(4))
    Job.objects.filter(pk=unsent.pk).update(created_at=now - timedelta(seconds=6))
    jobs.claim(job_id=str(lost.pk), at=now - lease * 2)
    Job.objects.filter(pk=lost.pk).update(sent_at=now - lease * 2)
    jobs.claim(job_id=str(alive.pk), at=now)
    Job.objects.filter(pk=alive.pk).update(sent_at=now - lease * 2)
    Job.objects.filter(pk=queued.pk).update(sent_at=now, created_at=now - timedelta(seconds=30))
    assert jobs.sweep(at=now) == 2
    assert sorted(sent) == sorted([unsent.pk, lost.pk])
    assert jobs.sweep(at=now) == 0  # not again at every sweep


def test_without_a_broker_begin_answers_at_once_and_the_job_waits(
    staff: Actor, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    begun = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        job = a_job(staff)
    assert time.monotonic() - begun < 3
    job.refresh_from_db()
    assert (job.state, job.sent_at) == (JobState.WAITING, None)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_connections_race_for_one_lease_and_one_wins(staff: Actor) -> None:
    job_id, at = str(a_job(staff).pk), clock.now()
    start, won = threading.Barrier(2), []

    def race() -> None:
        try:
            start.wait()
            won.append(jobs.claim(job_id=job_id, at=at))
        finally:
            connection.close()

    racers = [threading.Thread(target=race) for _ in range(2)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(run is None for run in won) == [False, True]
    assert Job.objects.get().attempts == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_work_longer_than_the_lease_keeps_it_inside_its_one_transaction(staff: Actor, settings: Any) -> None:
    settings.JOB_LEASE_SECONDS = 1
    job = a_job(staff, rows=10, pause=0.3)
    intruders: list[object] = []
    done = threading.Event()

    def intrude() -> None:
        try:
            while not done.wait(0.2):
                intruders.append(jobs.claim(job_id=str(job.pk), at=clock.now()))
        finally:
            connection.close()

    intruder = threading.Thread(target=intrude)
    intruder.start()
    jobs.run(job_id=str(job.pk))
    done.set()
    intruder.join()
    job.refresh_from_db()
    assert (job.state, job.attempts, handlers.rows_of(job.pk)) == (JobState.DONE, 1, 10)
    assert intruders
    assert set(intruders) == {None}
