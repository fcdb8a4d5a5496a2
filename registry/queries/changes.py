"""Requests as a list shows them; who is told of one: officers over a region, staff of a carrier."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from registry.models import Carrier, ChangeRequest
from registry.rules.desk_lists import MINE, ChangesAsked


def changes(actor: Actor, asked: ChangesAsked) -> QuerySet[ChangeRequest]:
    """Those asked for, the newest first."""
    rows: QuerySet[ChangeRequest] = ChangeRequest.objects.visible_to(actor)
    if asked.state == MINE:
        rows = ChangeRequest.objects.all().waiting_for(actor)
    elif asked.state:
        rows = rows.filter(state=asked.state)
    if asked.region:
        rows = rows.filter(carrier__region__path__contains=f"/{asked.region}/")
    if asked.late:
        rows = rows.filter(is_late=asked.late == "1")
    if asked.q:
        rows = rows.filter(Q(carrier__name__icontains=asked.q) | Q(carrier__code__istartswith=asked.q))
    return rows.select_related("carrier__region__parent").order_by("-pk")


def officers_over(region: Region, role: str, *, at: datetime) -> list[User]:
    """Who holds an officer's role over a region today."""
    codes = [code for code in region.path.strip("/").split("/") if code]
    return _people(Appointment.objects.filter(role=role, region__code__in=codes), at)


def staff_of(carrier: Carrier, *, at: datetime) -> list[User]:
    """Who acts for a carrier today."""
    held = Appointment.objects.filter(role=Role.CARRIER_STAFF.value, carrier_code=carrier.code)
    return _people(held, at)


def _people(held: QuerySet[Appointment], at: datetime) -> list[User]:
    valid = Appointment.objects.filter(pk__in=held.values("pk")).valid_on(clock.day_of(at))
    return list(User.objects.filter(pk__in=valid.values("user_id")).order_by("pk"))
