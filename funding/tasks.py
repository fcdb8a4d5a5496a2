"""What jobs of this room do: each loads by id, asks again what may be seen, and makes one call."""

from __future__ import annotations

import io
from functools import partial

from django.db import transaction

from core import clock
from core.problems import Problem, Refused
from core.text import T
from funding import queries
from funding.excel.awards import write_awards
from funding.permissions import may_see_because
from office.services import files
from office.services.jobs import Run as JobRun


def export_awards(job: JobRun) -> None:
    """The awards of an allocation as a workbook, as far as the job's owner may see them now."""
    found = queries.allocations_of(job.actor).filter(pk=job.job.arguments["allocation"]).first()
    if found is None:
        raise Refused(Problem("not_found", T("没有找到，或者您无权查看。")))
    rows = queries.awards_of(found, job.actor)
    target = io.BytesIO()
    written = write_awards(target, rows, may_see=partial(may_see_because, job.actor), tell=job.progress)
    with transaction.atomic():
        result = files.store(
            content=target.getvalue(),
            name=f"{found.policy.code}-{found.run.year}.xlsx",
            content_type=files.XLSX,
            actor=job.actor,
            at=clock.now(),
        )
        job.finish(outcome={"rows": written}, result=result)
