"""The chain of a zone: 众创空间 → 孵化器 → 加速器 → 产业园, and which link it lacks.

A zone is a region at county level, development zones included; each can be asked to have one whole chain.
A university science park stands beside the chain: no zone lacks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.problems import Problem
from core.text import T, Text
from registry.rules.listing import Group, text_faults
from registry.rules.vocabulary import CHAIN, Kind

LINKS: Sequence[str] = tuple(str(kind) for kind in CHAIN)
BESIDE = str(Kind.UNIVERSITY_PARK)
COLUMNS = (*LINKS, BESIDE)
ORDERS: Mapping[str, Text] = {"region": T("按区划"), "lacking": T("按缺环多少")}
ONLY: Mapping[str, Text] = {"lacking": T("只看缺环的"), "zone": T("只看开发区")}


@dataclass(frozen=True, slots=True)
class Place:
    """A zone, or the city it belongs to, as the tree of regions says."""

    code: str
    name: str
    city: str
    is_zone: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A zone with how many running carriers of each kind it has."""

    place: Place
    counts: Mapping[str, int]

    @property
    def lacking(self) -> tuple[str, ...]:
        return lacking(self.counts)


@dataclass(frozen=True, slots=True)
class Total:
    """Several zones together; `whole` of `zones` have every link. `counts` holds also the carriers of the
    city itself, which lie in no zone."""

    place: Place
    counts: Mapping[str, int]
    zones: int
    whole: int
    without: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """The table as asked for: `region` is a city, `only` one of `ONLY`, `order` one of `ORDERS`."""

    region: str = ""
    only: str = ""
    order: str = "region"
    on: str = ""


def read(params: Mapping[str, object]) -> tuple[Asked, list[Problem]]:
    """What is asked for but the day, and what of it cannot be meant (and narrows nothing)."""
    given = {name: str(params.get(name) or "") for name in ("region", "only", "order")}
    problems = list(text_faults(given, {"only": ONLY, "order": ORDERS}))
    wrong = {one.field for one in problems}
    known = {name: value for name, value in given.items() if value and name not in wrong}
    return Asked(**known), problems


def lacking(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The links that are not there, in the order of the chain."""
    return tuple(link for link in LINKS if not counts.get(link))


def counted(groups: Iterable[Group]) -> dict[str, dict[str, int]]:
    """By the code of each region, those above a carrier's own too, how many running carriers of each kind."""
    answer: dict[str, dict[str, int]] = {}
    for group in groups:
        if group.state == "active":
            for code in group.regions:
                of = answer.setdefault(code, dict.fromkeys(COLUMNS, 0))
                of[group.kind] = of.get(group.kind, 0) + group.count
    return answer


def rows(places: Iterable[Place], counts: Mapping[str, Mapping[str, int]], asked: Asked) -> list[Row]:
    """The zones asked for, in the order asked for; those that lack most first, else by code."""
    found = [
        Row(one, counts.get(one.code, dict.fromkeys(COLUMNS, 0)))
        for one in places
        if not asked.region or one.city == asked.region
    ]
    if asked.only == "lacking":
        found = [row for row in found if row.lacking]
    if asked.only == "zone":
        found = [row for row in found if row.place.is_zone]
    if asked.order == "lacking":
        return sorted(found, key=lambda row: (-len(row.lacking), row.place.code))
    return sorted(found, key=lambda row: row.place.code)


def total(place: Place, zones: Iterable[Row], counts: Mapping[str, Mapping[str, int]]) -> Total:
    """A city, or the root region, over all its zones, whichever of them are shown."""
    held = list(zones)
    return Total(
        place=place,
        counts=counts.get(place.code, dict.fromkeys(COLUMNS, 0)),
        zones=len(held),
        whole=sum(not row.lacking for row in held),
        without={link: sum(link in row.lacking for row in held) for link in LINKS},
    )
