"""What waits with somebody else, as the home of a carrier's staff lists it, here and in the rooms above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from core.text import T, Text
from office.queries import workdays
from office.rules.workdays import Workdays
from registry.models import Carrier
from reporting import links
from reporting.models import Return
from reporting.queries.carriers import arrived_at, at_offices, regions_over
from reporting.rules.lifecycle import State
from reporting.rules.limits import LIMIT

TEMPLATE = "reporting/_home_carrier_waiting.html"
SHOWN = 20
_OFFICES = {State.AT_COUNTY: ("county", T("县区审核")), State.AT_CITY: ("city", T("市级审核"))}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One matter: where it lies since when; `days` are working days, `limit` None where there is none."""

    what: Text | str
    url: str
    where: Text | str
    since: datetime | None
    days: int
    limit: int | None = None

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.days > self.limit


def days_since(since: datetime, at: datetime, calendar: Workdays) -> int:
    """Working days after the day of arrival, up to today."""
    return calendar.working_days_between(clock.day_of(since), clock.day_of(at))


def returns_waiting(actor: Actor, carrier: Carrier, *, at: datetime) -> list[Waiting]:
    """The returns that lie with an office: the one query for them, one for the regions, one for the days."""
    found = list(at_offices(actor)[:SHOWN])
    if not found:
        return []
    regions, calendar = regions_over(carrier), workdays()
    return [_waiting(one, regions, calendar, at) for one in found]


def _waiting(found: Return, regions: Mapping[str, Region], calendar: Workdays, at: datetime) -> Waiting:
    level, office = _OFFICES.get(State(found.state), ("", T("受理")))
    since = arrived_at(found)
    return Waiting(
        what=found.campaign.title,
        url=links.return_page(found.pk),
        where=T("{office} · {region}", office=office, region=regions.get(level, found.campaign.region)),
        since=since,
        days=days_since(since, at, calendar) if since else 0,
        limit=LIMIT,
    )
