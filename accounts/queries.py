"""Who is acting: by session or by token."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from accounts.actors import VISITOR, Actor, actor_of
from accounts.models import Appointment, TokenGrant, User
from core import clock


def appointments_of(user: User) -> list[Appointment]:
    """The appointments that a person may act under today, the oldest first."""
    today = clock.day_of(clock.now())
    return list(Appointment.objects.filter(user=user).valid_on(today).select_related("user", "region"))


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
    found = held.select_related("user", "region").first()
    return actor_of(found) if found else Actor(user=user)
