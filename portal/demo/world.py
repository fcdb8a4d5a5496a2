"""What the loaders of the demo share: regions, people, carriers, and when everything happened."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.actors import Actor, actor_of
from accounts.models import Appointment, Region, User
from core.clock import SHANGHAI
from portal.demo.plan import Body, CarrierPlan
from portal.demo.sizes import Sizes

Say = Callable[[str], None]


def moment(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant in the province's time."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@dataclass(slots=True)
class World:
    """`now` is the instant of loading; open work is dated around it."""

    rng: random.Random
    sizes: Sizes
    now: datetime
    say: Say
    root: Region
    cities: list[Region]
    counties: dict[int, list[Region]]
    accounts: dict[str, Appointment] = field(default_factory=dict)
    plans: list[CarrierPlan] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    carrier_ids: dict[int, int] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)
    experts: list[User] = field(default_factory=list)

    def actor(self, username: str) -> Actor:
        return actor_of(self.accounts[username])

    def user(self, username: str) -> User:
        return self.accounts[username].user

    def officer_of(self, region_code: str) -> User:
        """Who checks for this county or city."""
        return self.accounts[f"officer-{region_code}"].user
