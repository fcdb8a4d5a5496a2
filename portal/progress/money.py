"""The year's subsidies against their budgets, as far as they are known: worked out, decided, free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Q
from django.urls import reverse

from core.text import T, Text
from evaluation.rules.standing import percent_of
from funding.models import Allocation, Award
from portal.progress.scope import Scope


def in_ten_thousand(yuan: Decimal) -> Decimal:
    """As the card says it: one place, none where it is round."""
    amount = (yuan / 10_000).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a budget: `begins` and `share` in percent of the bar, `amount` in 10,000 yuan."""

    key: str
    title: Text
    amount: Decimal
    share: Decimal
    begins: Decimal
    carriers: int | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme of a year, in 10,000 yuan. `budget` None: it has no limit. `short`: what is claimed above
    what is given."""

    title: str
    url: str
    budget: Decimal | None
    claimed: Decimal
    short: Decimal
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Money:
    year: int
    programmes: Sequence[Programme]


def money_of(scope: Scope) -> Money | None:
    """The programmes of the shown region itself: one query more than the scope's."""
    mine = [one for one in scope.allocations if one.policy.region_id == scope.region.pk]
    if not mine:
        return None
    paid: dict[int, int] = dict(
        Award.objects.visible_to(scope.actor)
        .filter(allocation__in=mine)
        .order_by()
        .values_list("allocation_id")
        .annotate(paid=Count("carrier", distinct=True, filter=Q(amount__gt=0)))
    )
    by_code: dict[str, list[Allocation]] = {}
    for one in mine:
        by_code.setdefault(one.policy.code, []).append(one)
    return Money(mine[0].run.year, [_programme(rows, paid) for rows in by_code.values()])


def _programme(rows: Sequence[Allocation], paid: dict[int, int]) -> Programme:
    """All versions and runs of one programme share its budget."""
    known = [one.budget for one in rows if one.budget is not None]
    budget = max(known) if len(known) == len(rows) else None
    sums = {
        state: sum((one.allocated for one in rows if one.state == state), Decimal(0))
        for state in ("confirmed", "draft")
    }
    given = sum(sums.values(), Decimal(0))
    claimed = sum((one.claimed for one in rows), Decimal(0))
    whole = max(budget or Decimal(0), given)
    amounts = [("confirmed", T("已核定")), ("draft", T("已测算待核定"))]
    parts: list[Part] = []
    begins = Decimal(0)
    for key, title in amounts:
        if key == "draft" and not sums[key]:
            continue
        share = percent_of(int(sums[key]), int(whole))
        carriers = sum(paid.get(one.pk, 0) for one in rows if one.state == key)
        parts.append(Part(key, title, in_ten_thousand(sums[key]), share, begins, carriers))
        begins += share
    if budget is not None:
        free = max(budget - given, Decimal(0))
        parts.append(
            Part("free", T("未安排"), in_ten_thousand(free), percent_of(int(free), int(whole)), begins)
        )
    newest = rows[-1]
    url = reverse("funding:allocation", args=[newest.pk])
    return Programme(
        title=newest.policy.title,
        url=url,
        budget=None if budget is None else in_ten_thousand(budget),
        claimed=in_ten_thousand(claimed),
        short=in_ten_thousand(claimed - given),
        parts=parts,
    )
