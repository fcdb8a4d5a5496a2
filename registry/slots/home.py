"""What this room shows on somebody's home, below what waits for them."""

from __future__ import annotations

from accounts.actors import Actor
from core.slots import HomePart


def home_for(actor: Actor) -> list[HomePart]:
    return []
