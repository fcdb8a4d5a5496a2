"""Lists and looks at the register, each from what the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from accounts.actors import Actor
from accounts.models import Region
from core import identifiers
from registry.models import Carrier, CarrierLink, CarrierVersion, Operator, Stay
from registry.models.versions import dated
from registry.queries.asof import on_day, regions_on
from registry.queries.levels import level_ranks
from registry.rules.history import Facts, as_of
from registry.rules.listing import FACTS, Asked, Group


def scope(actor: Actor, *, managed: bool) -> QuerySet[Carrier]:
    """The public directory, or what the actor works with."""
    rows = Carrier.objects.all()
    return rows.managed_by(actor) if managed else rows.visible_to(actor)


def own_carrier(actor: Actor) -> Carrier | None:
    """The carrier for which the actor acts, with operator and region; None when it is none."""
    if not actor.carrier_code:
        return None
    return Carrier.objects.managed_by(actor).select_related("operator", "region").first()


def directory(
    actor: Actor, asked: Asked, *, managed: bool = False, on: date | None = None
) -> QuerySet[Carrier]:
    """The carriers asked for, in the order asked for, with what a list shows of them: as of today, or of a
    day (`on`, or that of the list asked for). Who may see a carrier, today's facts say."""
    day = on or asked.day
    rows = _worded(actor, _told(actor, managed, day), asked.q, day)
    for name in FACTS:
        if value := getattr(asked, name):
            rows = rows.filter(**{_of(day, name): value})
    if asked.region and day:
        inside = [key for key, one in regions_on(day).items() if f"/{asked.region}/" in one.path]
        rows = rows.filter(**{_of(day, "region__in"): inside})
    elif asked.region:
        rows = rows.filter(region__path__contains=f"/{asked.region}/")
    return _ordered(_kept_for(rows, asked.home, day), asked.order, day)


def _told(actor: Actor, managed: bool, day: date | None) -> QuerySet[Carrier]:
    rows = scope(actor, managed=managed)
    return on_day(rows, day) if day else rows.select_related("operator", "region__parent", "home_region")


def _of(day: date | None, name: str) -> str:
    """A fact of today, or of the day."""
    return f"dated__{name}" if day else name


def _worded(actor: Actor, rows: QuerySet[Carrier], q: str, day: date | None) -> QuerySet[Carrier]:
    """Part of a name, then or earlier, or of its operator's, or of a carrier that went into it; of the
    address, which has no day; initials; a code. Credit codes find only what the actor works with."""
    if not q:
        return rows
    # All are read: 20,000, more than a nation has, take PostgreSQL some 50 ms. No index serves all of this.
    once = CarrierVersion.objects.filter(name__icontains=q)
    once = once.filter(valid_from__lte=day) if day else once
    operators = Operator.objects.filter(name__icontains=q).values("pk")
    before = CarrierLink.objects.filter(predecessor__name__icontains=q)
    before = before.filter(happened_on__lte=day) if day else before
    found = Q(pk__in=once.values("carrier_id")) | Q(code__istartswith=q) | Q(address__icontains=q)
    found |= Q(pk__in=before.values("successor_id"))
    found |= Q(**{_of(day, "operator__in"): operators}) | Q(**{_of(day, "name__icontains"): q})
    if q.isascii():
        plain = "".join(char for char in q.lower() if char.isalnum())
        found |= Q(name_en__icontains=q)
        found |= Q(**{_of(day, "initials__contains"): plain}) if plain else Q()
    code = identifiers.credit_code(q)
    if len(code) == 18:
        mine = Carrier.objects.managed_by(actor).values("pk")
        found |= Q(**{_of(day, "operator__credit_code"): code}, pk__in=mine)
    return rows.filter(found)


def _kept_for(rows: QuerySet[Carrier], home: str, day: date | None) -> QuerySet[Carrier]:
    """Enclaves of a region and of those below it."""
    if not home:
        return rows
    regions = Region.objects.filter(path__contains=f"/{home}/").values("pk")
    return rows.filter(**{_of(day, "home_region__in"): regions})


def by_address(carrier: Carrier, words: str) -> bool:
    """Whether it is the address that these words are part of, so that a list says why it shows this."""
    plain = words.strip().lower()
    return bool(plain) and plain in carrier.address.lower() and plain not in carrier.name.lower()


def _rank(day: date | None) -> Case:
    """0 for the highest level."""
    highest = sorted(level_ranks().items(), key=lambda one: -one[1])
    places = [When(**{_of(day, "level"): code}, then=Value(place)) for place, (code, _) in enumerate(highest)]
    return Case(*places, default=Value(len(places)), output_field=IntegerField())


def ranked(rows: QuerySet[Carrier], day: date | None = None) -> QuerySet[Carrier]:
    """With `rank`, by which a table is ordered by level."""
    return rows.annotate(rank=_rank(day))


def _ordered(rows: QuerySet[Carrier], order: str, day: date | None) -> QuerySet[Carrier]:
    if order == "name":
        return rows.order_by(_of(day, "initials"), _of(day, "name"), "pk")
    if order == "newest":
        return rows.order_by("-listed_year", "code")
    if order == "level":
        return rows.order_by(_rank(day), "code")
    return rows.order_by("code")


def groups(actor: Actor, asked: Asked, *, managed: bool = False, on: date | None = None) -> list[Group]:
    """Everything that counts beside the filters and on the map are made of: two queries."""
    day = on or asked.day
    rows = _kept_for(_worded(actor, _told(actor, managed, day), asked.q, day), asked.home, day).order_by()
    facts = {name: F(_of(day, name)) for name in (*FACTS, "region_id")}
    counted = rows.values_list(*facts.values()).annotate(n=Count("pk"))
    if day:
        paths = {pk: one.path for pk, one in regions_on(day).items()}
    else:
        paths = dict(Region.objects.values_list("pk", "path"))
    return [
        Group(
            **dict(zip(FACTS, known, strict=True)), regions=tuple(paths[place].strip("/").split("/")), count=n
        )
        for *known, place, n in counted
    ]


def regions_of(actor: Actor, *, managed: bool = False) -> list[Region]:
    """The regions that a list can be narrowed to."""
    if managed and actor.region_path:
        return list(Region.objects.filter(path__startswith=actor.region_path).order_by("path"))
    return list(Region.objects.order_by("path"))


def facts_on(carrier: Carrier, day: date) -> Facts | None:
    """The dated facts of a carrier on a day; None before the first."""
    return as_of(dated(carrier.versions.all()), day)


def versions_of(carrier: Carrier) -> list[CarrierVersion]:
    """What was recorded of a carrier, the newest first."""
    rows = CarrierVersion.objects.filter(carrier=carrier)
    rows = rows.select_related("carrier", "operator", "region", "home_region", "basis_file")
    return list(rows.order_by("-valid_from", "-recorded_at"))


def history_of(carrier: Carrier) -> list[CarrierVersion]:
    """The dated facts that hold, the oldest first: of several of one day the one recorded last. Public. Each
    knows by `source_of` which record says a fact that began on its day."""
    recorded = versions_of(carrier)[::-1]
    held = {row.valid_from: row for row in recorded}
    for row in recorded:
        held[row.valid_from].stated.update(dict.fromkeys(row.named, row))
    return list(held.values())


def levels_of(history: Sequence[CarrierVersion]) -> list[tuple[date, str, str]]:
    """When which level began, by which document; the oldest first."""
    answer: list[tuple[date, str, str]] = []
    for row in history:
        if not answer or answer[-1][1] != row.level:
            answer.append((row.valid_from, row.level, row.source_of("level").document))
    return answer


def names_of(history: Sequence[CarrierVersion]) -> list[tuple[str, date, date]]:
    """The names that a carrier had before, each with its first day and the day of the next; oldest first."""
    answer: list[tuple[str, date, date]] = []
    since = history[0].valid_from if history else None
    for row, after in pairwise(history):
        if since and row.name != after.name:
            answer.append((row.name, since, after.valid_from))
            since = after.valid_from
    return answer


def staying(actor: Actor, carriers: Sequence[Carrier], on: date | None = None) -> dict[int, int]:
    """How many companies and teams stay in each now, or on a day. One query."""
    rows = Stay.objects.visible_to(actor).filter(carrier__in=[one.pk for one in carriers])
    rows = rows.filter(Q(ended=None) | Q(ended__gt=on), entered__lte=on) if on else rows.current()
    return dict(rows.order_by().values_list("carrier_id").annotate(n=Count("pk")))


def sums(rows: QuerySet[Carrier], day: date | None = None) -> tuple[int, Decimal | None]:
    """How many carriers a whole list has, and their area in m². One query."""
    found = rows.order_by().aggregate(n=Count("pk"), area=Sum(_of(day, "area_total")))
    return found["n"], found["area"]


def stays_of(
    actor: Actor, carrier: Carrier, *, q: str = "", ended: bool = False, on: date | None = None
) -> QuerySet[Stay]:
    """Who is in a carrier (or was), today or on a day, by part of a name or by credit code."""
    rows = Stay.objects.visible_to(actor).filter(carrier=carrier)
    if on:
        gone = Q(ended__lte=on)
        rows = rows.filter(gone if ended else ~gone | Q(ended=None), entered__lte=on)
    else:
        rows = rows.filter(ended__isnull=not ended)
    if q:
        code = identifiers.credit_code(q)
        rows = rows.filter(
            Q(tenant__name__icontains=q) | Q(team__name__icontains=q) | Q(tenant__credit_code=code)
        )
    return rows.select_related("tenant", "team").order_by("-entered", "-pk")
