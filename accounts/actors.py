"""Who acts: a person under one appointment. Everything that reads or changes takes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Appointment, Region, User
from accounts.rules.roles import PUBLIC, SYSTEM, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person and the appointment they act under; a visitor has neither, the portal itself no person.

    `role` is a value of `Role`, `public` or `system`. `confirmed_at` is when they last showed in this
    session that it is they; a program never does.
    """

    user: User | None = None
    appointment: Appointment | None = None
    role: str = PUBLIC
    confirmed_at: datetime | None = None

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def region(self) -> Region | None:
        return self.appointment.region if self.appointment else None

    @property
    def region_path(self) -> str:
        """Where the scope begins in the tree; empty when the scope is no region."""
        return self.region.path if self.region else ""

    @property
    def carrier_code(self) -> str:
        return self.appointment.carrier_code if self.appointment else ""

    @property
    def is_public(self) -> bool:
        return self.role == PUBLIC

    @property
    def name(self) -> str:
        return str(self.user) if self.user else self.role

    def has_role(self, *roles: Role) -> bool:
        return self.role in roles


VISITOR = Actor()
PORTAL = Actor(role=SYSTEM)


def actor_of(appointment: Appointment) -> Actor:
    """The person of this appointment, acting under it."""
    return Actor(user=appointment.user, appointment=appointment, role=appointment.role)
