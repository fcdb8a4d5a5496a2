"""Who is acting."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from accounts.actors import VISITOR, Actor, actor_of
from accounts.models import Appointment, User
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
