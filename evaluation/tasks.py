"""What jobs of this room do: each loads by id, asks again what may be seen, and makes one call."""

from __future__ import annotations

import io

from django.db import transaction

from core import clock
from core.problems import Problem, Refused
from core.text import T
from evaluation import queries
from evaluation.excel.results import write_results
from evaluation.models.runs import OPEN_STATES
from evaluation.permissions import may_oversee
from office.services import files
from office.services.jobs import Run as JobRun


def export_results(job: JobRun) -> None:
    """The results of a run as a workbook, as far as the job's owner may see them now."""
    run = queries.runs_of(job.actor).filter(pk=job.job.arguments["run"]).first()
    if run is None or (run.state not in OPEN_STATES and not may_oversee(job.actor, run)):
        raise Refused(Problem("not_found", T("没有找到，或者您无权查看。")))
    rows = queries.results_of(run, job.actor)
    target = io.BytesIO()
    written = write_results(target, rows, queries.definition(run.scheme), tell=job.progress)
    at = clock.now()
    with transaction.atomic():
        result = files.store(
            content=target.getvalue(),
            name=f"{run.title}.xlsx",
            content_type=files.XLSX,
            actor=job.actor,
            at=at,
        )
        job.finish(outcome={"rows": written}, result=result)
