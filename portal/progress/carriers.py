"""The carriers of a region that has no regions below it, or that belong to it directly: a line a return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from core import clock
from core.text import T, Text
from core.ui import Status
from evaluation.models import RunEntry
from funding.models import Award
from portal.progress.counting import returns_of
from portal.progress.scope import Scope
from portal.progress.table import Head, address
from registry.models import Carrier
from registry.queries.levels import level_words
from reporting.links import return_page
from reporting.models import Return, ReturnMove
from reporting.rules.lifecycle import RETURN
from reporting.web.standing import status_of

PER_PAGE = 50
_ORDERS = {
    "carrier": "carrier__code",
    "level": "carrier__level",
    "state": "state",
    "moved": "moved_at",
}
_TITLES = {
    "carrier": T("载体"),
    "level": T("载体级别"),
    "state": T("状态"),
    "moved": T("最近办理"),
}
_ACTIONS = {move.action: move.label for move in RETURN.moves}


@dataclass(frozen=True, slots=True)
class CarrierLine:
    """One return with its carrier. `grade` and `award` (yuan) where they are known to the reader."""

    carrier: Carrier
    title: str
    url: str
    status: Status
    level: Text
    moved: Text
    moved_at: datetime | None
    grade: str
    award: Decimal | None


def listed(scope: Scope, sort: str) -> QuerySet[Return]:
    """The returns of carriers that belong to the region itself, in the asked order."""
    last = ReturnMove.objects.filter(return_of=OuterRef("pk")).order_by("-pk")
    rows: QuerySet[Return] = returns_of(scope).filter(carrier__region=scope.region)
    rows = rows.select_related("carrier", "campaign").annotate(
        moved_at=Subquery(last.values("at")[:1]), moved_by=Subquery(last.values("action")[:1])
    )
    order = F(_ORDERS.get(sort.removeprefix("-"), _ORDERS["carrier"]))
    is_down = sort.startswith("-") and sort[1:] in _ORDERS
    first = order.desc(nulls_last=True) if is_down else order.asc(nulls_last=True)
    return rows.order_by(first, "carrier__code", "pk")


def heads_of(scope: Scope, sort: str) -> list[Head]:
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    key = key if key in _ORDERS else "carrier"
    heads = []
    for name, title in _TITLES.items():
        here = name == key
        order = ("descending" if is_down else "ascending") if here else ""
        url = address(scope, sort=f"-{name}" if here and not is_down else name)
        heads.append(Head(name, title, Text(""), url, order))
    return heads


def lines_of(scope: Scope, found: Sequence[Return]) -> list[CarrierLine]:
    """What is shown of a page of returns: two queries more."""
    carriers = [one.carrier_id for one in found]
    grades: dict[int, str] = dict(
        RunEntry.objects.visible_to(scope.actor)
        .filter(run__in=scope.runs, carrier__in=carriers)
        .exclude(grade="")
        .values_list("carrier_id", "grade")
    )
    awards: dict[int, Decimal] = dict(
        Award.objects.visible_to(scope.actor)
        .public()
        .filter(allocation__in=scope.allocations, carrier__in=carriers)
        .order_by()
        .values_list("carrier_id")
        .annotate(sum=Sum("amount"))
    )
    levels = level_words(clock.day_of(scope.at))
    return [_line(one, grades, awards, levels) for one in found]


def _line(
    one: Return, grades: dict[int, str], awards: dict[int, Decimal], levels: Mapping[str, Text]
) -> CarrierLine:
    action: str = one.moved_by or ""  # type: ignore[attr-defined]
    return CarrierLine(
        carrier=one.carrier,
        title=one.campaign.title,
        url=return_page(one.pk),
        status=status_of(one),
        level=levels.get(one.carrier.level, Text(one.carrier.level)),
        moved=_ACTIONS.get(action, Text(action)),
        moved_at=one.moved_at,  # type: ignore[attr-defined]
        grade=grades.get(one.carrier_id, ""),
        award=awards.get(one.carrier_id),
    )
