"""The home of an expert: the queue of marking, with the time left."""

from __future__ import annotations

from accounts.actors import Actor
from core.slots import HomePart


def parts_of_expert(actor: Actor) -> list[HomePart]:
    return []
