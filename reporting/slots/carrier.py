"""The home of a carrier's staff: how far the open return is, and what waits with others."""

from __future__ import annotations

from accounts.actors import Actor
from core.slots import HomePart


def parts_of_carrier(actor: Actor) -> list[HomePart]:
    return []
