"""Which zone has which links of the chain, today or on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.actors import VISITOR
from accounts.models import Region
from accounts.models.regions import RegionLevel
from registry import queries
from registry.rules import chains, listing
from registry.rules.chains import Asked, Place, Row, Total


@dataclass(frozen=True, slots=True)
class Chains:
    """The zones asked for, each city with what it has in all, and the whole."""

    rows: Sequence[Row]
    cities: Mapping[str, Total]
    whole: Total | None


def chains_of(asked: Asked, today: date) -> Chains:
    """What is public, for everybody the same. Three queries, whatever the size."""
    day = date.fromisoformat(asked.on) if asked.on else None
    groups = queries.groups(VISITOR, listing.Asked(on=asked.on))
    counts = chains.counted(groups)
    places = _places(day or today)
    zones = [one for one, level in places if level == RegionLevel.COUNTY]
    every = chains.rows(zones, counts, Asked())
    cities = {
        one.code: chains.total(one, (row for row in every if row.place.city == one.code), counts)
        for one, level in places
        if level == RegionLevel.CITY
    }
    roots = [one for one, level in places if level == RegionLevel.PROVINCE]
    whole = chains.total(roots[0], every, counts) if len(roots) == 1 else None
    return Chains(chains.rows(zones, counts, asked), cities, whole)


def _places(day: date) -> list[tuple[Place, str]]:
    """The regions of a day by code; of a zone the city above it, which a zone right below the root is
    itself."""
    rows = list(Region.objects.on(day).order_by("code"))
    cities = {row.code for row in rows if row.level == RegionLevel.CITY}
    answer = []
    for row in rows:
        above = [code for code in row.path.strip("/").split("/") if code in cities]
        answer.append((Place(row.code, row.name, above[-1] if above else row.code, row.is_zone), row.level))
    return answer
