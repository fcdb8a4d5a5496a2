"""Who may write and publish."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.rules.roles import Role
from core.problems import Problem, Refused
from core.text import T


def may_edit(actor: Actor) -> bool:
    return actor.role == Role.EDITOR


def refuse_strangers(actor: Actor) -> None:
    """Raises `Refused` for whoever is no editor."""
    if not may_edit(actor):
        raise Refused(Problem("news.role", T("只有信息编辑可以办理。")))
