"""What this room shows on somebody's home, below what waits for them."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.rules.roles import Role
from core.slots import HomePart
from reporting.slots.carrier import parts_of_carrier
from reporting.slots.officer import parts_of_officer


def home_for(actor: Actor) -> list[HomePart]:
    if actor.role == Role.CARRIER_STAFF:
        return parts_of_carrier(actor)
    if actor.role in (Role.COUNTY_OFFICER, Role.CITY_OFFICER):
        return parts_of_officer(actor)
    return []
