"""What other rooms and pages read from the back office."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from core.problems import Problem, Severity
from office.models import Job, Notice, WorkdayOverride
from office.rules.workdays import Workdays


def workdays() -> Workdays:
    """The calendar as it stands: published days and what staff set over them. One query."""
    return Workdays(dict(WorkdayOverride.objects.values_list("day", "is_working")))


def unread_notices(actor: Actor) -> int:
    return Notice.objects.visible_to(actor).filter(read_at=None).count()


def problems_of(job: Job) -> list[Problem]:
    """Why a job was refused, as it was shown then."""
    rows: list[dict[str, Any]] = job.outcome.get("problems", [])
    return [Problem(**{**row, "severity": Severity(row["severity"])}) for row in rows]
