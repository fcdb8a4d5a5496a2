"""A small province in the middle of a year: returns at every office, last year's run and money."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from registry.models import Carrier
from reporting.models import Campaign, Return, ReturnMove, ReturnVersion
from tests.evaluation.world import campaign, carrier
from tests.funding.world import World as FundingWorld

YEAR = 2026
NOW = datetime(2027, 2, 3, 10, 0, tzinfo=clock.SHANGHAI)  # a Wednesday; due on 2027-02-14
STAMPS = {
    "filling": (),
    "at_county": ("submitted_at",),
    "at_city": ("submitted_at", "county_passed_at"),
    "at_province": ("submitted_at", "county_passed_at", "city_passed_at"),
    "accepted": ("submitted_at", "county_passed_at", "city_passed_at", "accepted_at"),
}


def put(asked: Campaign, of: Carrier, state: str, at: datetime = NOW - timedelta(days=1)) -> Return:
    """A return in this state, moved there at this instant; `not_started` has no begin."""
    begun = None if state == "not_started" else at
    state = "filling" if state == "not_started" else state
    stamps = dict.fromkeys(STAMPS[state], at)
    found = Return.objects.create(
        campaign=asked, carrier=of, state=state, started_at=begun, updated_at=at, **stamps
    )
    if stamps:
        version = ReturnVersion.objects.create(return_of=found, number=1, saved_at=at)
        ReturnMove.objects.create(
            return_of=found, version=version, action="submit", source="filling", target=state, at=at,
            role="carrier_staff",
        )  # fmt: skip
    return found


class World(FundingWorld):
    """The year 2026 is being filed: east has four carriers, west two. 2025 is published and paid for."""

    def __init__(self, state: str = "published") -> None:
        super().__init__(state)
        self.asked = campaign(self.form, YEAR, self.root)
        east, west = self.regions["990101"], self.regions["990201"]
        self.east, self.west = east, west
        states = {east: ("accepted", "at_province", "at_city", "at_county"), west: ("filling", "not_started")}
        self.returns = {
            state: put(self.asked, carrier(f"N-{state}", region), state)
            for region, some in states.items()
            for state in some
        }

    def many_cities(self, number: int) -> None:
        """As many further cities, each with a county that has a carrier with a return."""
        for n in range(number):
            city = self._region(f"99{30 + n:02d}00", "city", self.root)
            county = self._region(f"99{30 + n:02d}01", "county", city)
            put(self.asked, carrier(f"M-{n}", county), "at_city")

    def _region(self, code: str, level: str, parent: Region) -> Region:
        return Region.objects.create(
            code=code, name=f"地{code}", level=level, parent=parent, path=f"{parent.path}{code}/",
            tile_column=0 if level == "city" else None, tile_row=0 if level == "city" else None,
        )  # fmt: skip


def signed_in(actor: Actor) -> Client:
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user)
    return client
