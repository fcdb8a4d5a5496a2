"""The chain of a carrier: which stages its operator, or its zone, has and which are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from accounts.actors import Actor
from core.text import T, Text
from registry.models import Carrier, Stay
from registry.queries.levels import level_ranks, level_words
from registry.rules.vocabulary import CHAIN, KINDS, Kind

SHOWN = 2  # names in a box; the others are counted


@dataclass(frozen=True, slots=True)
class Member:
    """A carrier in a box; `own` is the one whose page it is."""

    name: str
    url: str
    level: Text
    own: bool


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest carrier of a missing stage: in the same county or in the same city, by another operator."""

    name: str
    url: str
    where: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One box. `tenants` are those that stay in all its carriers now."""

    title: Text
    count: int
    members: Sequence[Member]
    tenants: int
    own: bool
    rest_url: str
    nearest: Nearest | None

    @property
    def rest(self) -> int:
        return self.count - len(self.members)


@dataclass(frozen=True, slots=True)
class Chain:
    """`note` says whose carriers these are and how many stages they have."""

    stages: Sequence[Stage]
    note: Text


def chain_of(carrier: Carrier, actor: Actor, today: date) -> Chain | None:
    """None for what stands outside the chain. Three queries; `region.parent`, `operator` are to be loaded."""
    if carrier.kind not in CHAIN:
        return None
    zone = carrier.region.is_zone
    near = Q(operator_id=carrier.operator_id) | (Q(region_id=carrier.region_id) if zone else Q())
    rows = list(
        Carrier.objects.visible_to(actor)
        .filter(near, kind__in=CHAIN)
        .only("code", "name", "kind", "level", "region_id", "operator_id")
    )
    tenants = _tenants(rows)
    held = {row.kind for row in rows}
    missing = [kind for kind in CHAIN if kind not in held]
    nearest = _nearest(carrier, actor, missing) if missing else {}
    words = level_words(today)
    stages = [_stage(kind, carrier, rows, tenants, nearest.get(kind), words) for kind in CHAIN]
    whose = T("{zone}内和同一运营机构的载体", zone=carrier.region.name) if zone else T("同一运营机构的载体")
    return Chain(stages, T("{whose}，链条完整度 {held} / {all}", whose=whose, held=len(held), all=len(CHAIN)))


def _stage(
    kind: Kind,
    carrier: Carrier,
    rows: Iterable[Carrier],
    tenants: Mapping[int, int],
    nearest: Nearest | None,
    words: Mapping[str, Text],
) -> Stage:
    """Its own carrier first, then those of the same operator, then by level."""
    ranks = level_ranks()
    mine = [row for row in rows if row.kind == kind]
    mine.sort(
        key=lambda row: (
            row.pk != carrier.pk, row.operator_id != carrier.operator_id, -ranks.get(row.level, 0), row.code
        )
    )  # fmt: skip
    return Stage(
        title=KINDS[kind],
        count=len(mine),
        members=[
            Member(row.name, _url(row.code), words.get(row.level, Text(row.level)), row.pk == carrier.pk)
            for row in mine[:SHOWN]
        ],
        tenants=sum(tenants.get(row.pk, 0) for row in mine),
        own=kind == carrier.kind,
        rest_url=f"{reverse('registry:directory')}?{urlencode({**_those_of(carrier), 'kind': kind})}",
        nearest=nearest,
    )


def _those_of(carrier: Carrier) -> dict[str, str]:
    """What the directory is asked for to list the carriers of a zone or of an operator."""
    return {"region": carrier.region.code} if carrier.region.is_zone else {"q": carrier.operator.name}


def _tenants(rows: Sequence[Carrier]) -> dict[int, int]:
    """How many stay in each now: a public count, no names."""
    counted = Stay.objects.filter(carrier__in=[row.pk for row in rows], ended=None).order_by()
    return dict(counted.values_list("carrier_id").annotate(n=Count("pk")))


def _nearest(carrier: Carrier, actor: Actor, missing: Sequence[Kind]) -> dict[str, Nearest]:
    """Of each missing stage one in the same county, else in the same city: the highest level first."""
    city = carrier.region.parent or carrier.region
    inside = carrier.region if city.parent_id is None else city
    rows = (
        Carrier.objects.visible_to(actor)
        .filter(kind__in=missing, region__path__startswith=inside.path, state="active")
        .values_list("kind", "code", "name", "level", "region_id", "region__name")
    )
    ranks = level_ranks()
    best: dict[str, tuple[tuple[bool, int, str], Nearest]] = {}
    for kind, code, name, level, region, where in rows:
        rank = (region != carrier.region_id, -ranks.get(level, 0), code)
        if kind not in best or rank < best[kind][0]:
            best[kind] = (rank, Nearest(name, _url(code), where))
    return {kind: found for kind, (_, found) in best.items()}


def _url(code: str) -> str:
    return reverse("portal:carrier", args=[code])
