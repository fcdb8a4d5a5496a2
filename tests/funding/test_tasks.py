"""The awards leave as a workbook, as far as the one who asked may see them when it is written."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db import transaction
from openpyxl import load_workbook

from accounts.actors import Actor
from funding.models import Allocation
from office.models import Job, JobState
from office.services import files, jobs, running
from tests.funding.world import AT, World


def exported(made: Allocation, actor: Actor) -> Job:
    with transaction.atomic():
        job = jobs.begin(
            actor=actor,
            handler="funding.tasks.export_awards",
            title="导出奖补",
            arguments={"allocation": made.pk},
            link="/",
            at=AT,
        )
    running.run(job_id=job.pk)
    job.refresh_from_db()
    return job


def rows_of(job: Job) -> list[tuple[Any, ...]]:
    assert job.result is not None
    book = load_workbook(BytesIO(files.content_of(job.result)))
    return list(book.active.iter_rows(values_only=True))


def test_the_workbook_holds_every_award_and_the_grounds_for_those_concerned(world: World) -> None:
    made = world.confirmed()
    for actor, knowing in (
        (world.staff, {"FH-1"}),
        (world.county, {"FH-1", "FH-2", "FH-3"}),
        (world.editor, set()),
        (world.payer, {"FH-1", "FH-2", "FH-3", "FH-4", "FH-5"}),
    ):
        job = exported(made, actor)
        assert job.outcome == {"rows": 8}
        heads, *rows = rows_of(job)
        assert heads[0] == "载体编号"
        assert [row[0] for row in rows] == sorted(row[0] for row in rows)
        assert sum(Decimal(str(row[6])) for row in rows) == made.allocated
        assert {row[0] for row in rows if row[7]} == knowing


def test_a_draft_leaves_for_those_who_pay_alone(world: World) -> None:
    made = world.draft()
    job = exported(made, world.staff)
    assert (job.state, job.result) == (JobState.FAILED, None)
    assert exported(made, world.auditor).state == JobState.DONE
