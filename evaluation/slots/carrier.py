"""The home of a carrier's staff: its last result."""

from __future__ import annotations

from accounts.actors import Actor
from core.slots import HomePart


def parts_of_carrier(actor: Actor) -> list[HomePart]:
    return []
