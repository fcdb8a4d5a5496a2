"""What this room shows on somebody's home, below what waits for them."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.rules.roles import Role
from core.slots import HomePart
from evaluation.slots.carrier import parts_of_carrier
from evaluation.slots.expert import parts_of_expert


def home_for(actor: Actor) -> list[HomePart]:
    if actor.role == Role.CARRIER_STAFF:
        return parts_of_carrier(actor)
    if actor.role == Role.EXPERT:
        return parts_of_expert(actor)
    return []
