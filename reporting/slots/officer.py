"""The home of those who check: where the returns of their region stand."""

from __future__ import annotations

from accounts.actors import Actor
from core.slots import HomePart


def parts_of_officer(actor: Actor) -> list[HomePart]:
    return []
