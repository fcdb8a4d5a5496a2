"""What other rooms and pages read from the back office."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.roles import CHECKING
from core.problems import Problem, Severity
from office.models import Job, Notice, SavedView, WorkdayOverride
from office.rules.workdays import Workdays


def workdays() -> Workdays:
    """The calendar as it stands: published days and what staff set over them. One query."""
    return Workdays(dict(WorkdayOverride.objects.values_list("day", "is_working")))


def unread_notices(actor: Actor) -> int:
    return Notice.objects.visible_to(actor).filter(read_at=None).count()


def views_of(actor: Actor, of: str, today: date) -> list[SavedView]:
    """Views over a list: one's own first, in their order, then those that colleagues share, as long as they
    work in the office. One query; each with its owner."""
    if actor.user_id is None:
        return []
    holds = Appointment.objects.filter(
        user=OuterRef("owner"), region=OuterRef("office"), role__in=CHECKING
    ).valid_on(today)
    rows = SavedView.objects.visible_to(actor).filter(Q(owner_id=actor.user_id) | Exists(holds), of=of)
    own_first = Q(owner_id=actor.user_id)
    found = rows.select_related("owner").annotate(own=own_first).order_by("-own", F("owner__name"), "place")
    return list(found)


def problems_of(job: Job) -> list[Problem]:
    """Why a job was refused, as it was shown then."""
    rows: list[dict[str, Any]] = job.outcome.get("problems", [])
    return [Problem(**{**row, "severity": Severity(row["severity"])}) for row in rows]
