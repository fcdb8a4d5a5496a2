"""The audit as its reader works with it: verified and taken away as jobs."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.actors import Actor
from accounts.rules.roles import Role
from core.problems import Refused
from office.models import AuditEntry, Job, JobState
from office.queries import problems_of
from office.services import audit, files, guards, jobs, sealing, trail
from office.slots import tasks_for

pytestmark = pytest.mark.django_db


def acts(actor: Actor, count: int, at: datetime, **fields: Any) -> None:
    with transaction.atomic():
        for number in range(count):
            audit.record(actor=actor, action="run.publish", on="x.y", key=f"R-{number}", at=at, **fields)


def ran(job: Job) -> Job:
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    return job


def test_a_whole_chain_is_told_with_who_and_how_far(auditor: Actor, data_dir: Path, now: datetime) -> None:
    acts(auditor, 3, now)
    sealing.seal(at=now)
    job = ran(trail.begin_verifying(actor=auditor, at=now))
    assert job.state == JobState.DONE
    assert (job.outcome["count"], job.outcome["faults"], problems_of(job)) == (3, 0, [])
    found = trail.chain(auditor, now).verified
    assert found is not None
    assert (found.by, found.position, found.faults) == ("申明", 3, 0)
    assert tasks_for(auditor) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="lifts SQLite's guards")
def test_a_changed_entry_is_found_and_stays_an_alarm(auditor: Actor, data_dir: Path, now: datetime) -> None:
    acts(auditor, 3, now)
    sealing.seal(at=now)
    with guards.lifted(connection):
        AuditEntry.objects.filter(object_key="R-1").update(reason="别的")
    job = ran(trail.begin_verifying(actor=auditor, at=now))
    assert job.state == JobState.DONE
    assert ["封印第 2 位" in str(problem.message) for problem in problems_of(job)] == [True]
    assert [str(task.title) for task in tasks_for(auditor)] == ["审计链核验发现 1 处不符"]


def test_one_verification_at_a_time(auditor: Actor, data_dir: Path, now: datetime) -> None:
    begun = trail.begin_verifying(actor=auditor, at=now)
    assert trail.chain(auditor, now).running == begun
    with pytest.raises(Refused) as refusal:
        trail.begin_verifying(actor=auditor, at=now)
    assert refusal.value.problems[0].code == "job.lane"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_others_neither_verify_nor_copy(cast: Any, role: Role, data_dir: Path, now: datetime) -> None:
    actor = cast("某人", role)
    for begin in (
        lambda: trail.begin_verifying(actor=actor, at=now),
        lambda: trail.begin_copying(actor=actor, asked={}, at=now),
    ):
        with pytest.raises(Refused):
            begin()
    assert not Job.objects.exists()


def test_a_right_that_is_gone_when_it_runs_copies_nothing(
    auditor: Actor, storage: Path, now: datetime
) -> None:
    job = trail.begin_copying(actor=auditor, asked={}, at=now)
    assert auditor.appointment is not None
    auditor.appointment.revoked_at = now
    auditor.appointment.save()
    assert ran(job).state == JobState.FAILED
    assert job.result is None


def test_the_copy_holds_what_was_asked_and_no_live_formula(
    auditor: Actor, staff: Actor, storage: Path, now: datetime
) -> None:
    acts(staff, 2, now, reason="=HYPERLINK(1)", detail={"to": "published"})
    acts(auditor, 1, now)
    job = ran(trail.begin_copying(actor=auditor, asked={"person": "柳", "since": None}, at=now))
    assert job.state == JobState.DONE
    assert job.result is not None
    with files.opened(job.result) as content:
        rows = list(csv.reader(io.StringIO(content.read().decode("utf-8-sig"))))
    assert rows[0][:4] == ["时间", "人员", "身份", "动作"]
    assert [row[1:7] for row in rows[1:]] == [
        ["柳青", "载体填报人", "公布评价结果", "run.publish", "x.y", key] for key in ("R-1", "R-0")
    ]
    assert {row[8] for row in rows[1:]} == {"'=HYPERLINK(1)"}
    assert AuditEntry.objects.get(action="audit.export").detail == {"person": "柳"}


def test_acts_are_found_by_the_words_that_people_read(auditor: Actor, now: datetime) -> None:
    acts(auditor, 1, now)
    rows = AuditEntry.objects.visible_to(auditor)
    assert trail.narrowed(rows, {"action": "公布评价"}).count() == 1
    assert trail.narrowed(rows, {"action": "run."}).count() == 1
    assert trail.narrowed(rows, {"action": "撤下"}).count() == 0
    assert trail.narrowed(rows, {"kind": "release"}).count() == 1
    assert trail.narrowed(rows, {"kind": "money"}).count() == 0
