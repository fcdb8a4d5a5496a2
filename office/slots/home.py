"""What this room shows on somebody's home, below what waits for them."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.slots import HomePart
from office.slots import of_auditor, of_keeper, of_security

PARTS = {
    Role.AUDITOR: of_auditor.parts,
    Role.SYSTEM_ADMINISTRATOR: of_keeper.parts,
    Role.SECURITY_ADMINISTRATOR: of_security.parts,
}


def home_for(actor: Actor) -> list[HomePart]:
    """For those who oversee, keep running and guard; the others have nothing of this room there."""
    parts = next((parts for role, parts in PARTS.items() if actor.has_role(role)), None)
    return parts(actor, clock.now()) if parts else []
