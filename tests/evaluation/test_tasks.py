"""Results leave as a workbook; what may be seen is asked when the job runs, not when it was begun."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import transaction
from openpyxl import load_workbook

from accounts.actors import Actor
from evaluation.models import Run
from office.models import Job, JobState
from office.services import files, jobs
from tests.evaluation.world import AT, World


def exported(run: Run, actor: Actor) -> Job:
    with transaction.atomic():
        job = jobs.begin(
            actor=actor,
            handler="evaluation.tasks.export_results",
            title="导出",
            arguments={"run": run.pk},
            at=AT,
        )
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    return job


def rows_of(job: Job) -> list[tuple[Any, ...]]:
    assert job.result is not None
    book = load_workbook(io.BytesIO(files.content_of(job.result)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_the_workbook_holds_the_results_in_order(world: World) -> None:
    job = exported(world.run("publicised"), world.staff)
    assert job.outcome == {"rows": 5}
    heads, first, *_, last = rows_of(job)
    assert heads == ("名次", "载体编号", "载体名称", "设区市", "总分", "等级", "等级名称")
    assert (first[0], first[1], first[3], float(first[4]), first[5], first[6]) == (
        1, "FH-4", "西市", 50, "B", "良好",
    )  # fmt: skip
    assert (last[0], last[1]) == (None, "FH-5")


def test_a_result_recalled_meanwhile_does_not_leave(world: World) -> None:
    run = world.move(world.run("publicised"), "recall", comment="数据有误")
    job = exported(run, world.staff)
    assert (job.state, job.result) == (JobState.FAILED, None)
    assert exported(run, world.officer).state == JobState.DONE


@pytest.mark.parametrize("state", ["draft", "frozen"])
def test_a_run_without_a_result_leaves_an_empty_sheet(world: World, state: str) -> None:
    assert exported(world.run(state), world.officer).outcome == {"rows": 0}
