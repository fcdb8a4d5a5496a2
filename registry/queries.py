"""Lists and looks at the register, each from what the actor may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from accounts.actors import Actor
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock, identifiers
from registry.models import Carrier, CarrierLink, CarrierVersion, Operator, Stay
from registry.rules.history import Dated, Facts, as_of
from registry.rules.lineage import ancestors, carried, descendants, family
from registry.rules.listing import CHOICES, Asked, Group
from registry.rules.vocabulary import Level

_RANKED = tuple(reversed(Level))


def scope(actor: Actor, *, managed: bool) -> QuerySet[Carrier]:
    """The public directory, or what the actor works with."""
    rows = Carrier.objects.all()
    return rows.managed_by(actor) if managed else rows.visible_to(actor)


def own_carrier(actor: Actor) -> Carrier | None:
    """The carrier for which the actor acts, with operator and region; None when it is none."""
    if not actor.carrier_code:
        return None
    return Carrier.objects.managed_by(actor).select_related("operator", "region").first()


def directory(actor: Actor, asked: Asked, *, managed: bool = False) -> QuerySet[Carrier]:
    """The carriers asked for, in the order asked for, with what a list shows of them."""
    rows = _worded(actor, scope(actor, managed=managed), asked.q)
    for name in CHOICES:
        if value := getattr(asked, name):
            rows = rows.filter(**{name: value})
    if asked.region:
        rows = rows.filter(region__path__contains=f"/{asked.region}/")
    return _ordered(rows, asked.order).select_related("operator", "region", "region__parent")


def _worded(actor: Actor, rows: QuerySet[Carrier], q: str) -> QuerySet[Carrier]:
    """Part of a name, now or earlier, or of its operator's, or of a carrier that went into it; initials; a
    code. Credit codes find only the carriers that the actor works with."""
    if not q:
        return rows
    once = CarrierVersion.objects.filter(name__icontains=q).values("carrier_id")
    before = CarrierLink.objects.filter(predecessor__name__icontains=q).values("successor_id")
    found = Q(name__icontains=q) | Q(pk__in=once) | Q(pk__in=before) | Q(code__istartswith=q)
    found |= Q(operator__in=Operator.objects.filter(name__icontains=q).values("pk"))
    if q.isascii():
        plain = "".join(char for char in q.lower() if char.isalnum())
        found |= Q(name_en__icontains=q)
        found |= Q(initials__contains=plain) if plain else Q()
    code = identifiers.credit_code(q)
    if len(code) == 18:
        mine = Carrier.objects.managed_by(actor).values("pk")
        found |= Q(operator__credit_code=code, pk__in=mine)
    return rows.filter(found)


def _rank() -> Case:
    """0 for the highest level."""
    places = [When(level=level, then=Value(place)) for place, level in enumerate(_RANKED)]
    return Case(*places, default=Value(9), output_field=IntegerField())


def ranked(rows: QuerySet[Carrier]) -> QuerySet[Carrier]:
    """With `rank`, by which a table is ordered by level."""
    return rows.annotate(rank=_rank())


def _ordered(rows: QuerySet[Carrier], order: str) -> QuerySet[Carrier]:
    if order == "name":
        return rows.order_by("initials", "name", "pk")
    if order == "newest":
        return rows.order_by("-listed_year", "code")
    if order == "level":
        return rows.order_by(_rank(), "code")
    return rows.order_by("code")


def groups(actor: Actor, asked: Asked, *, managed: bool = False) -> list[Group]:
    """Everything that counts beside the filters and on the map are made of: two queries."""
    rows = _worded(actor, scope(actor, managed=managed), asked.q).order_by()
    counted = rows.values(*CHOICES, "region_id").annotate(n=Count("pk"))
    paths = dict(Region.objects.values_list("pk", "path"))
    return [
        Group(
            kind=row["kind"],
            level=row["level"],
            carrier_class=row["carrier_class"],
            field=row["field"],
            designation=row["designation"],
            state=row["state"],
            regions=tuple(paths[row["region_id"]].strip("/").split("/")),
            count=row["n"],
        )
        for row in counted
    ]


def regions_of(actor: Actor, *, managed: bool = False) -> list[Region]:
    """The regions that a list can be narrowed to."""
    if managed and actor.region_path:
        return list(Region.objects.filter(path__startswith=actor.region_path).order_by("path"))
    return list(Region.objects.order_by("path"))


def facts_on(carrier: Carrier, day: date) -> Facts | None:
    """The dated facts of a carrier on a day; None before the first."""
    names = ("name", "kind", "carrier_class", "field", "level", "designation", "operator_id", "region_id")
    rows = [
        Dated(version.valid_from, version.recorded_at, {name: getattr(version, name) for name in names})
        for version in carrier.versions.all()
    ]
    return as_of(rows, day)


def versions_of(carrier: Carrier) -> list[CarrierVersion]:
    """What was recorded of a carrier, the newest first."""
    rows = CarrierVersion.objects.filter(carrier=carrier).select_related("operator", "region")
    return list(rows.order_by("-valid_from", "-recorded_at"))


def history_of(carrier: Carrier) -> list[CarrierVersion]:
    """The dated facts that hold, the oldest first: of several of one day the one recorded last. Public."""
    rows = CarrierVersion.objects.filter(carrier=carrier).select_related("operator", "region")
    return list({row.valid_from: row for row in rows.order_by("valid_from", "recorded_at")}.values())


def levels_of(history: Sequence[CarrierVersion]) -> list[tuple[date, str, str]]:
    """When which level began, by which document; the oldest first."""
    answer: list[tuple[date, str, str]] = []
    for row in history:
        if not answer or answer[-1][1] != row.level:
            answer.append((row.valid_from, row.level, row.basis))
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


def staying(actor: Actor, carriers: Sequence[Carrier]) -> dict[int, int]:
    """How many companies and teams stay in each now. One query."""
    rows = Stay.objects.visible_to(actor).filter(carrier__in=[one.pk for one in carriers]).current()
    return dict(rows.order_by().values_list("carrier_id").annotate(n=Count("pk")))


def sums(rows: QuerySet[Carrier]) -> tuple[int, Decimal | None]:
    """How many carriers a whole list has, and their area in m². One query."""
    found = rows.order_by().aggregate(n=Count("pk"), area=Sum("area_total"))
    return found["n"], found["area"]


def stays_of(actor: Actor, carrier: Carrier, *, q: str = "", ended: bool = False) -> QuerySet[Stay]:
    """Who is in a carrier (or was), by part of a name or by credit code."""
    rows = Stay.objects.visible_to(actor).filter(carrier=carrier, ended__isnull=not ended)
    if q:
        code = identifiers.credit_code(q)
        rows = rows.filter(
            Q(tenant__name__icontains=q) | Q(team__name__icontains=q) | Q(tenant__credit_code=code)
        )
    return rows.select_related("tenant", "team").order_by("-entered", "-pk")


def officers_over(region: Region, role: str, *, at: datetime) -> list[User]:
    """Who holds an officer's role over a region today."""
    codes = [code for code in region.path.strip("/").split("/") if code]
    return _people(Appointment.objects.filter(role=role, region__code__in=codes), at)


def staff_of(carrier: Carrier, *, at: datetime) -> list[User]:
    """Who acts for a carrier today."""
    held = Appointment.objects.filter(role=Role.CARRIER_STAFF.value, carrier_code=carrier.code)
    return _people(held, at)


def _people(held: QuerySet[Appointment], at: datetime) -> list[User]:
    valid = Appointment.objects.filter(pk__in=held.values("pk")).valid_on(clock.day_of(at))
    return list(User.objects.filter(pk__in=valid.values("user_id")).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Lineage:
    """The line of a carrier: its links with everybody before and after it, the oldest first. `ancestors` and
    `descendants` are the nearest first."""

    carrier: Carrier
    links: Sequence[CarrierLink] = ()
    ancestors: Sequence[Carrier] = ()
    descendants: Sequence[Carrier] = ()

    @property
    def past(self) -> list[Carrier]:
        """Itself and those whose past it carries on."""
        return [self.carrier, *self.ancestors]

    def carried(self, figures: Mapping[int, Decimal], places: int = 2) -> Decimal | None:
        """Of a figure by carrier (its row's key), what this one carries of its own and its ancestors'; None
        where none of them has it. Over all heads of a line it adds up to what all of them had."""
        links = [link.as_link for link in self.links]
        return carried(figures, links, places=places).get(self.carrier.pk)


def line_of(carrier: Carrier) -> Lineage:
    """Whose past a carrier carries on, and who carries on its own. One query where it stands alone, three
    else."""
    mine = Q(predecessor=carrier) | Q(successor=carrier)
    if not CarrierLink.objects.filter(mine).exists():
        return Lineage(carrier)
    rows = list(CarrierLink.objects.order_by("happened_on", "pk"))
    links = [row.as_link for row in rows]
    keys = family(carrier.pk, links)
    known = Carrier.objects.select_related("region").in_bulk(keys)
    own = [row for row in rows if row.predecessor_id in keys]
    for row in own:
        row.predecessor, row.successor = known[row.predecessor_id], known[row.successor_id]
    return Lineage(
        carrier=carrier,
        links=own,
        ancestors=[known[key] for key in ancestors(carrier.pk, links)],
        descendants=[known[key] for key in descendants(carrier.pk, links)],
    )
