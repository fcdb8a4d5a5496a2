"""Who is told of a request: officers over a region, staff of a carrier."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from registry.models import Carrier


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
