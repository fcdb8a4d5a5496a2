"""Who may write and publish."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import Actor
from accounts.models import Appointment, User
from accounts.rules.roles import Role
from core import clock
from core.problems import Problem, Refused
from core.text import T


def may_edit(actor: Actor) -> bool:
    return actor.role == Role.EDITOR


def refuse_strangers(actor: Actor) -> None:
    """Raises `Refused` for whoever is no editor."""
    if not may_edit(actor):
        raise Refused(Problem("news.role", T("只有信息编辑可以办理。")))


def editors(at: datetime) -> list[User]:
    """Everybody who may check what another editor submits."""
    held = Appointment.objects.filter(role=Role.EDITOR.value).valid_on(clock.day_of(at))
    return list(User.objects.filter(pk__in=held.values("user_id")))
