"""The officer's list leaves as a workbook."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from core.problems import Problem, Refused
from core.text import T
from office.models import Job
from office.services import audit, confirming, jobs
from registry.permissions import may_export, may_export_findings
from registry.rules.finding_list import FindingsAsked
from registry.rules.listing import Asked

HANDLER = "registry.tasks.export_carriers"
FINDINGS_HANDLER = "registry.tasks.export_findings"


@transaction.atomic
def export_carriers(*, actor: Actor, asked: Asked, at: datetime) -> Job:
    """A job that writes the list exactly as asked for. The right is asked again when it runs."""
    check_may_export(actor)
    confirming.must_be_recent(actor, at)
    job = jobs.begin(
        actor=actor,
        handler=HANDLER,
        title=str(T("导出载体名录")),
        arguments={"asked": asked.given()},
        at=at,
        lane=f"registry.export:{actor.user_id}",
    )
    audit.record(actor=actor, action="carrier.export", on=job, at=at, detail=asked.given())
    return job


def check_may_export(actor: Actor) -> None:
    if not may_export(actor):
        raise Refused(Problem("export.role", T("您的身份不能导出载体名录。")))


@transaction.atomic
def export_findings(*, actor: Actor, asked: FindingsAsked, at: datetime) -> Job:
    """A job that writes the queue exactly as asked for. The right is asked again when it runs."""
    check_may_export_findings(actor)
    job = jobs.begin(
        actor=actor,
        handler=FINDINGS_HANDLER,
        title=str(T("导出在孵企业疑点")),
        arguments={"asked": asked.given()},
        at=at,
        lane=f"registry.export_findings:{actor.user_id}",
    )
    audit.record(actor=actor, action="finding.export", on=job, at=at, detail=asked.given())
    return job


def check_may_export_findings(actor: Actor) -> None:
    if not may_export_findings(actor):
        raise Refused(Problem("export.role", T("您的身份不能导出在孵企业疑点。")))
