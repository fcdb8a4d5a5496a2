"""A list leaves as a workbook: as its reader has it on the screen, logged, and whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from core import clock
from core.problems import Problem, Refused
from core.text import T
from office.models import Job
from office.services import audit, confirming, files, jobs
from office.services.running import Run
from registry.queries.listed import Leaving

HANDLER = "registry.tasks.export_list"
AT_ONCE = 2_000  # rows; a longer list is work for the worker


def export(*, actor: Actor, leaving: Leaving, at: datetime) -> Job:
    """The job that writes the list. A short one is written at once: its job has ended when this returns."""
    check(actor, leaving)
    if leaving.listed.personal:
        confirming.must_be_recent(actor, at)
    short = leaving.listed.rows(actor, leaving.asked, at).order_by()[: AT_ONCE + 1].count() <= AT_ONCE
    with transaction.atomic():
        job = _begun(actor, leaving, at, short)
    if short:
        jobs.run(job_id=str(job.pk))
        job.refresh_from_db()
    return job


def _begun(actor: Actor, leaving: Leaving, at: datetime, short: bool) -> Job:
    name, detail = leaving.listed.name, _told(leaving)
    job = jobs.begin(
        actor=actor,
        handler=HANDLER,
        title=str(T("导出{list}", list=str(leaving.listed.title))),
        arguments={"list": name, **detail},
        at=at,
        lane=f"registry.export.{name}:{actor.user_id}",
        at_once=short,
    )
    audit.record(actor=actor, action=f"{leaving.listed.action}.export", on=job, at=at, detail=detail)
    return job


def _told(leaving: Leaving) -> dict[str, Any]:
    """What is asked for, as a job and the audit keep it."""
    return {
        "asked": leaving.asked.given(),
        "order": leaving.order,
        "columns": [column.key for column in leaving.shown],
    }


def check(actor: Actor, leaving: Leaving) -> None:
    """`Refused` for whose role takes no such list away."""
    if not leaving.listed.may(actor, leaving.asked):
        raise Refused(Problem("export.role", T("您的身份不能导出此名单。")))


def write_down(run: Run, *, leaving: Leaving, write: Callable[..., int], at: datetime) -> None:
    """Writes what the job's owner may see now. `write` is the edge's and answers how many rows it wrote.
    Progress is told by the batch, and there it can be stopped."""
    check(run.actor, leaving)
    total = leaving.listed.rows(run.actor, leaving.asked, at).order_by().count()
    on = getattr(leaving.asked, "on", "")
    name = f"{leaving.listed.name}-{f'as-of-{on}' if on else clock.day_of(at)}.xlsx"
    with TemporaryDirectory(prefix="export-") as folder:
        target = Path(folder) / name
        count = write(
            target, leaving, actor=run.actor, at=at, told=lambda done: run.progress(done, max(done, total))
        )
        content = target.read_bytes()
    with transaction.atomic():
        result = files.store(content=content, name=name, content_type=files.XLSX, actor=run.actor, at=at)
        told = {"count": count, **_told(leaving)}
        action = f"{leaving.listed.action}.exported"
        audit.record(actor=run.actor, action=action, on=run.job, at=at, detail=told)
        run.finish(outcome={"count": count}, result=result)
