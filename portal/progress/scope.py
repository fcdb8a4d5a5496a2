"""What the year's progress is about: whose eyes, which year, which region, and what there is of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.actors import Actor
from accounts.models import Region
from evaluation.models import Run
from funding.models import Allocation
from reporting.models import Campaign, CampaignState


class Unknown(LookupError):
    """A year or a region that this actor may not know of."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One year of one region as one actor may see it, at one instant.

    `runs` are the year's; `open_runs` those of this and of earlier years that are not concluded.
    `allocations` are those of `money_year`: the year itself, or the last one before it that has any.
    """

    actor: Actor
    at: datetime
    year: int
    years: Sequence[int]
    region: Region
    above: Sequence[Region]
    campaigns: Sequence[Campaign]
    runs: Sequence[Run]
    open_runs: Sequence[Run]
    allocations: Sequence[Allocation]

    @property
    def money_year(self) -> int | None:
        return self.allocations[0].run.year if self.allocations else None

    @property
    def is_top(self) -> bool:
        """Whether the region is the actor's own: what is decided there is decided on this page."""
        return self.actor.region == self.region

    @property
    def is_filling_over(self) -> bool:
        """Whether no campaign takes first submissions any more by its own dates, longer time aside."""
        return all(one.due_at <= self.at or one.state == CampaignState.CLOSED for one in self.campaigns)


def _region_of(actor: Actor, code: str) -> tuple[Region, list[Region]]:
    """The region and those above it up to the actor's own: one query."""
    own = actor.region
    if own is None:
        raise Unknown(code)
    if not code or code == own.code:
        return own, []
    found = Region.objects.filter(code=code, path__startswith=own.path).first()
    if found is None:
        raise Unknown(code)
    inner = found.path[len(own.path) :].strip("/").split("/")[:-1]
    between = list(Region.objects.filter(code__in=inner).order_by("path")) if inner else []
    return found, [own, *between]


def _concerns(region: Region, prefix: str) -> Q:
    """Of this region, of one below it or of one above it."""
    above = region.path.strip("/").split("/")
    return Q(**{f"{prefix}path__startswith": region.path}) | Q(**{f"{prefix}code__in": above})


def _allocations(actor: Actor, region: Region, year: int) -> list[Allocation]:
    """Those of the newest year up to this one that has any."""
    found = (
        Allocation.objects.visible_to(actor)
        .filter(_concerns(region, "policy__region__"), run__year__lte=year)
        .exclude(state="dropped")
        .select_related("policy__region", "run")
        .order_by("-run__year", "pk")
    )
    rows = list(found[:100])
    return [one for one in rows if one.run.year == rows[0].run.year]


def scope_of(actor: Actor, at: datetime, *, year: int | None = None, code: str = "") -> Scope | None:
    """The scope that is asked for, the newest year when none is named; None before any campaign.

    Raises `Unknown` for what this actor may not know of. Five queries at most.
    """
    region, above = _region_of(actor, code)
    campaigns = list(Campaign.objects.visible_to(actor).select_related("region").order_by("-year", "pk"))
    years = sorted({one.year for one in campaigns}, reverse=True)
    if not years:
        return None
    year = year if year is not None else years[0]
    if year not in years:
        raise Unknown(str(year))
    runs = [
        run
        for run in Run.objects.visible_to(actor)
        .filter(_concerns(region, "region__"), year__lte=year)
        .exclude(state="dropped")
        .order_by("-year", "pk")
    ]
    return Scope(
        actor=actor,
        at=at,
        year=year,
        years=years,
        region=region,
        above=above,
        campaigns=[one for one in campaigns if one.year == year],
        runs=[run for run in runs if run.year == year],
        open_runs=[run for run in runs if run.state != "published"],
        allocations=_allocations(actor, region, year),
    )
