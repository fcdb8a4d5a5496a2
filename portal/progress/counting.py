"""The numbers of the year's progress by region: set-wise, a fixed number of queries whatever the size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Sum

from accounts.models import Region
from evaluation.models import Assignment, RunEntry
from funding.models import Award
from portal.progress.scope import Scope
from reporting import queries
from reporting.models import CampaignState, Return
from reporting.models.returns import WITH_CITY, WITH_COUNTY
from reporting.queries.dates import CORRECT_BY, DUE, START

Amount = int | Decimal
# Returns: all, handed in, past the county, past the city, accepted, and where the rest lies. Entries of runs:
# taking part, given to experts, marked by all of theirs, graded. Money in yuan.
RETURNS = ("due", "filed", "county", "city", "accepted", "at_county", "at_city", "at_province")
NUMBERS = (*RETURNS, "taking", "asked", "marked", "graded", "claimed", "decided")


@dataclass(frozen=True, slots=True)
class Row:
    """One region just below the one shown; `is_own`: carriers of the shown region itself."""

    region: Region
    is_own: bool
    numbers: dict[str, Amount]


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows, their sums, and the first and last stamps of the returns by office."""

    rows: list[Row]
    total: dict[str, Amount]
    stamps: dict[str, Any]

    def day(self, name: str) -> datetime | None:
        """A stamp by its name: `county_first`, `city_last` …"""
        found: datetime | None = self.stamps[name]
        return found

    def due_until(self, scope: Scope) -> datetime:
        """Until when somebody may hand in for the first time, longer time worked in; past when nobody may."""
        dates = [one.due_at for one in scope.campaigns]
        return self.day("due_until") or max(dates)

    def is_filling_over(self, scope: Scope) -> bool:
        """Whether nobody may hand in for the first time any more."""
        return not self.stamps["due_until"] if self.stamps["waiting"] else scope.is_filling_over


def counted(scope: Scope) -> Counted:
    """All numbers of a scope: six queries."""
    stages = queries.by_stage(returns_of(scope), "carrier__region__path")
    rows = {
        one.region.path: Row(one.region, one.is_own, _passed(one.counts))
        for one in queries.rolled_up(stages, scope.region, queries.STAGES)
    }
    _add(rows, scope.region, _entries(scope))
    _add(rows, scope.region, _awards(scope))
    found = list(rows.values())
    total = {name: sum((row.numbers[name] for row in found), start=0) for name in NUMBERS}
    return Counted(found, total, _stamps(scope))


def _passed(counts: Any) -> dict[str, Amount]:
    """Where returns stand, read as what they have passed."""
    numbers: dict[str, Amount] = dict.fromkeys(NUMBERS, 0)
    numbers.update({name: counts[name] for name in ("accepted", "at_county", "at_city", "at_province")})
    numbers["city"] = numbers["accepted"] + numbers["at_province"]
    numbers["county"] = numbers["city"] + numbers["at_city"]
    numbers["filed"] = numbers["county"] + numbers["at_county"]
    numbers["due"] = sum(counts.values())
    return numbers


def _add(rows: dict[str, Row], base: Region, found: Iterable[tuple[str, dict[str, Amount]]]) -> None:
    """Numbers of regions anywhere below, to the row that they lie in."""
    for path, numbers in found:
        key = queries.child_path(path, base)
        if key not in rows:
            key = base.path
            rows.setdefault(key, Row(base, True, dict.fromkeys(NUMBERS, 0)))
        for name, number in numbers.items():
            rows[key].numbers[name] += number


def _entries(scope: Scope) -> Iterable[tuple[str, dict[str, Amount]]]:
    """Who takes part in the year's runs, as far as the actor may see results and marking: one query."""
    marking = Assignment.objects.visible_to(scope.actor).filter(entry=OuterRef("pk"), recused_at=None)
    found = (
        RunEntry.objects.visible_to(scope.actor)
        .filter(run__in=scope.runs, left_out="", carrier__region__path__startswith=scope.region.path)
        .annotate(asked=Exists(marking), waits=Exists(marking.filter(submitted_at=None)))
        .order_by()
        .values_list("carrier__region__path", "asked", "waits")
        .annotate(number=Count("pk"), graded=Count("pk", filter=~Q(grade="")))
    )
    for path, asked, waits, number, graded in found:
        marked = number if asked and not waits else 0
        yield (
            path,
            {
                "taking": number,
                "asked": number if asked else 0,
                "marked": marked,
                "graded": graded,
            },
        )


def _awards(scope: Scope) -> Iterable[tuple[str, dict[str, Amount]]]:
    """What was claimed and what was decided: one query."""
    found = (
        Award.objects.visible_to(scope.actor)
        .filter(allocation__in=scope.allocations, carrier__region__path__startswith=scope.region.path)
        .order_by()
        .values_list("carrier__region__path", "allocation__state")
        .annotate(claimed_sum=Sum("claimed"), amount_sum=Sum("amount"))
    )
    for path, state, claimed, amount in found:
        yield path, {"claimed": claimed, "decided": amount if state == "confirmed" else Decimal(0)}


def returns_of(scope: Scope) -> Any:
    """The returns of the scope."""
    return Return.objects.visible_to(scope.actor).filter(
        campaign__in=scope.campaigns, carrier__region__path__startswith=scope.region.path
    )


def _stamps(scope: Scope) -> dict[str, Any]:
    """How many carriers, which offices are in the chains, when each first and last passed one on; and, by the
    dates that hold for each return: how many are overdue, until when others may begin or be handed in."""
    spans = {
        f"{office}_{word}": function(f"{field}_at")
        for office, field in (("county", "county_passed"), ("city", "city_passed"), ("accepted", "accepted"))
        for word, function in (("first", Min), ("last", Max))
    }
    is_closed, at = Q(campaign__state=CampaignState.CLOSED), scope.at
    late = Q(state="filling") & (is_closed | Q(held_due__lte=at))
    late |= Q(state="returned") & (is_closed | Q(held_correct__lte=at))
    going = Q(state="filling", held_due__gt=at) & ~is_closed
    dated = returns_of(scope).annotate(held_start=START, held_due=DUE, held_correct=CORRECT_BY)
    found: dict[str, Any] = dated.aggregate(
        carriers=Count("carrier", distinct=True),
        with_county=Count("pk", filter=Q(chain__in=WITH_COUNTY)),
        with_city=Count("pk", filter=Q(chain__in=WITH_CITY)),
        overdue=Count("pk", filter=late),
        overdue_untouched=Count("pk", filter=late & Q(state="filling", started_at=None)),
        untouched=Count("pk", filter=going & Q(started_at=None)),
        start_until=Max("held_start", filter=going & Q(started_at=None)),
        due_until=Max("held_due", filter=going),
        waiting=Count("pk", filter=Q(state="filling")),
        **spans,
    )
    return found
