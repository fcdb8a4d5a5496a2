"""Returns placed along their chain, for the tests of those who check."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from registry.models import Carrier
from reporting.models import Campaign, Return
from reporting.services import campaigns
from tests.reporting.conftest import DAY, World, carrier

EARLIER = DAY - timedelta(days=2)
STAMPS: dict[str, dict[str, Any]] = {
    "filling": {"started_at": EARLIER},
    "returned": {"started_at": EARLIER, "returned_at": EARLIER},
    "at_county": {"submitted_at": EARLIER},
    "at_city": {"submitted_at": EARLIER, "county_passed_at": EARLIER},
    "at_province": {"submitted_at": EARLIER, "county_passed_at": EARLIER, "city_passed_at": EARLIER},
    "accepted": {
        "submitted_at": EARLIER,
        "county_passed_at": EARLIER,
        "city_passed_at": EARLIER,
        "accepted_at": EARLIER,
    },
}


def placed(found: Return, state: str, **stamps: datetime) -> Return:
    """This return in that state, with its stamps, some of them at other times."""
    Return.objects.filter(pk=found.pk).update(state=state, **{**STAMPS[state], **stamps})
    return Return.objects.select_related("current", "carrier", "campaign").get(pk=found.pk)


def more(world: World, number: int, *, first: int = 10, **where: Any) -> list[Return]:
    """Returns of so many more carriers, untouched; in the county unless `where` says another region."""
    region = where.pop("region", world.county)
    made: list[Carrier] = [
        carrier(first + one, f"第{first + one}号孵化器", region, **where) for one in range(number)
    ]
    campaigns.add_returns(campaign=world.campaign, carriers=made, at=DAY)
    return list(Return.objects.filter(carrier__in=made).order_by("pk"))


def one_of_each(world: World, **where: Any) -> dict[str, Return]:
    """A return in each state, and one that nobody has touched: `not_started`."""
    untouched, *others = more(world, 1 + len(STAMPS), **where)
    found = {state: placed(one, state) for state, one in zip(STAMPS, others, strict=True)}
    return {"not_started": untouched, **found}


def owned_by(world: World, region: Any) -> Campaign:
    """Another campaign of the same form that this region calls for."""
    world.campaign.pk = None
    world.campaign.region, world.campaign.title = region, "自行组织的年报"
    world.campaign.save()
    made = Campaign.objects.get(title="自行组织的年报")
    world.campaign = Campaign.objects.exclude(pk=made.pk).get()
    return made
