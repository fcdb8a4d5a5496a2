"""Who acts for carriers, and which of them lack somebody."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.duties import FEWEST_HANDLERS, Duty
from accounts.rules.roles import Role
from registry.models import Carrier, CarrierState


def staff_of(code: str, today: date) -> QuerySet[Appointment]:
    """Everybody who acts or acted for a carrier that was found by `managed_by`: who answers for it first,
    those whose time is over last."""
    over = Q(revoked_at__isnull=False) | Q(valid_to__lt=today)
    rows = Appointment.objects.filter(role=Role.CARRIER_STAFF, carrier_code=code)
    rows = rows.select_related("user", "delegated_from__user", "succeeded_by__user")
    place = Case(When(over, then=Value(2)), When(duty=Duty.RESPONSIBLE, then=Value(0)), default=Value(1))
    return rows.order_by(place, "-valid_from", "pk")


def staffed(rows: QuerySet[Carrier], today: date) -> QuerySet[Carrier]:
    """With `responsible` (a name or None) and `handlers` (how many), as of today."""
    held = Appointment.objects.filter(carrier_code=OuterRef("code"), delegated_from=None)
    held = held.valid_on(today).order_by()
    answers = held.filter(duty=Duty.RESPONSIBLE)
    handlers = held.exclude(duty=Duty.RESPONSIBLE).values("carrier_code").annotate(n=Count("pk"))
    return rows.annotate(
        responsible=Subquery(answers.values("user__name")[:1]),
        handlers=Coalesce(Subquery(handlers.values("n")), 0),
    )


def understaffed(actor: Actor, today: date) -> QuerySet[Carrier]:
    """Carriers of one's scope that are not closed and lack somebody: `staffed` with a gap."""
    rows = Carrier.objects.managed_by(actor).exclude(state=CarrierState.CLOSED)
    short = Q(responsible=None) | Q(handlers__lt=FEWEST_HANDLERS)
    return staffed(rows, today).filter(short)
