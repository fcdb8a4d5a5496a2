"""Who is acting, by session or by token; who there is."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.actors import VISITOR, Actor, actor_of
from accounts.models import Appointment, Region, TokenGrant, User
from accounts.rules.roles import Role
from core import clock

STATES = ("held", "none", "ending", "never", "suspended", "alone")
SOON = timedelta(days=30)


def appointments_of(user: User) -> list[Appointment]:
    """The appointments that a person may act under today, the oldest first."""
    today = clock.day_of(clock.now())
    return list(
        Appointment.objects.filter(user=user)
        .valid_on(today)
        .select_related("user", "region", "delegated_from__user")
    )


def actor_for(user: AbstractBaseUser | AnonymousUser, chosen: int | None) -> Actor:
    """The person under the chosen appointment, or the first valid one; without any a visitor with a name."""
    if not isinstance(user, User) or not user.is_active:
        return VISITOR
    held = appointments_of(user)
    if not held:
        return Actor(user=user)
    return actor_of(next((one for one in held if one.pk == chosen), held[0]))


def actor_by_token(user: AbstractBaseUser | AnonymousUser, digest: str) -> Actor:
    """The person under the one appointment of their token; with that gone, nobody with a name."""
    if not isinstance(user, User) or not user.is_active:
        return VISITOR
    day = clock.day_of(clock.now())
    grant = TokenGrant.objects.filter(token_id=digest).values("appointment_id")
    held = Appointment.objects.filter(user=user, pk__in=grant).valid_on(day)
    found = held.select_related("user", "region", "delegated_from__user").first()
    return actor_of(found) if found else Actor(user=user)


def people(
    actor: Actor, *, today: date, words: str = "", role: str = "", scope: str = "", state: str = ""
) -> QuerySet[User]:
    """People by name or sign-in name, role, scope (a carrier's code, a region with all below it) and state.

    `state` is one of `STATES`: holds an appointment today, holds none, one that ends within 30 days, never
    signed in, suspended, the only one who can act for their carrier. Role and scope are of today's ones.
    """
    rows: QuerySet[User] = User.objects.visible_to(actor)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(phone=words))
    held = Appointment.objects.filter(user=OuterRef("pk")).valid_on(today)
    if role:
        held = held.filter(role=role)
    if scope:
        held = held.filter(_in_scope(scope))
    if state == "ending":
        held = held.filter(valid_to__lte=today + SOON)
    if state == "alone":
        held = held.filter(carrier_code__in=alone(today))
    if role or scope or state in ("held", "ending", "alone"):
        rows = rows.filter(Exists(held))
    if state == "none":
        rows = rows.filter(~Exists(held), is_active=True)
    if state in ("never", "suspended"):
        rows = rows.filter(**({"last_login": None} if state == "never" else {"is_active": False}))
    shown = Appointment.objects.visible_to(actor).filter(revoked_at=None).select_related("region")
    return rows.order_by("name", "pk").prefetch_related(Prefetch("appointments", shown, to_attr="held"))


def _in_scope(scope: str) -> Q:
    found = Q(carrier_code__istartswith=scope)
    named = Region.objects.filter(Q(code=scope) | Q(name__icontains=scope))
    for path in named.values_list("path", flat=True)[:20]:
        found |= Q(region__path__startswith=path)
    return found


def alone(today: date) -> QuerySet[Appointment, str]:
    """Codes of carriers for which one person alone can act: when that one leaves, nobody can."""
    held = Appointment.objects.filter(role=Role.CARRIER_STAFF).valid_on(today).order_by()
    counted = held.values("carrier_code").annotate(n=Count("user", distinct=True))
    codes: QuerySet[Appointment, str] = counted.filter(n=1).values_list("carrier_code", flat=True)
    return codes
