"""Findings as people see them: each side its own data, of the other no more than the finding needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When

from accounts.actors import Actor
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock, identifiers
from registry.models import Carrier, CarrierState, FindingStatement, Stay, TenancyFinding
from registry.rules.finding_list import GONE, FindingGroup, FindingsAsked
from registry.rules.finding_moves import DECIDED, EXPLAINED, OPEN
from registry.rules.tenancy import Irregular

_IN_ORDER = (OPEN, EXPLAINED, DECIDED)
_SIDES = ("stay_a__carrier__region__parent", "stay_b__carrier__region__parent")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a finding: the stay and the carrier that registered it."""

    letter: str
    stay: Stay

    @property
    def carrier(self) -> Carrier:
        return self.stay.carrier


@dataclass(frozen=True, slots=True)
class SeenSide:
    """A side as one reader may see it. Of another's: the carrier while it is public, to officers and
    auditors the one day that the finding is about. `stay` only of one's own."""

    letter: str
    is_own: bool
    carrier: Carrier | None
    entered: date | None
    ended: date | None
    stay: Stay | None


def sides_of(found: TenancyFinding) -> list[Side]:
    """One side or two, as recorded."""
    stays = (("a", found.stay_a), ("b", found.stay_b))
    return [Side(letter, stay) for letter, stay in stays if stay is not None]


def seen_sides(found: TenancyFinding, actor: Actor) -> list[SeenSide]:
    """One's own sides first."""
    seen = [_seen(found, side, actor) for side in sides_of(found)]
    return sorted(seen, key=lambda one: not one.is_own)


def _seen(found: TenancyFinding, side: Side, actor: Actor) -> SeenSide:
    stay, carrier = side.stay, side.carrier
    if carrier.is_managed_by(actor):
        return SeenSide(side.letter, True, carrier, stay.entered, stay.ended, stay)
    named = None if carrier.state == CarrierState.CLOSED else carrier
    if actor.role == Role.CARRIER_STAFF:
        return SeenSide(side.letter, False, named, None, None, None)
    graduated = found.kind == Irregular.GRADUATE_LISTED and side.letter == "b"
    entered, ended = (None, stay.ended) if graduated else (stay.entered, None)
    return SeenSide(side.letter, False, named, entered, ended, None)


def findings(actor: Actor, asked: FindingsAsked) -> QuerySet[TenancyFinding]:
    """Those asked for, what waits first, then the newest, with what a list shows of them."""
    rows = _narrowed(actor, asked)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.region:
        rows = rows.filter(_in_region(actor, asked.region))
    if asked.state == GONE:
        rows = rows.exclude(gone_at=None)
    else:
        rows = rows.filter(gone_at=None)
        rows = rows.filter(state=asked.state) if asked.state else rows
    places = [When(state=state, then=Value(place)) for place, state in enumerate(_IN_ORDER)]
    ordered = rows.annotate(place=Case(*places, default=Value(9), output_field=IntegerField()))
    return with_sides(ordered.order_by("place", "-pk"))


def with_sides(rows: QuerySet[TenancyFinding]) -> QuerySet[TenancyFinding]:
    """With tenant, both stays, their carriers and regions."""
    return rows.select_related("tenant", *_SIDES)


def _narrowed(actor: Actor, asked: FindingsAsked) -> QuerySet[TenancyFinding]:
    """What one may see, by part of a tenant's name or its credit code."""
    rows: QuerySet[TenancyFinding] = TenancyFinding.objects.visible_to(actor)
    if not asked.q:
        return rows
    code = identifiers.credit_code(asked.q)
    return rows.filter(Q(tenant__name__icontains=asked.q) | Q(tenant__credit_code=code))


def _in_region(actor: Actor, code: str) -> Q:
    """One's own side lies there: where the other side lies is no answer of this list."""
    mine = Carrier.objects.managed_by(actor).filter(region__path__contains=f"/{code}/")
    return Q(stay_a__carrier__in=mine) | Q(stay_b__carrier__in=mine)


def finding_groups(actor: Actor, asked: FindingsAsked, regions: Sequence[Region]) -> list[FindingGroup]:
    """Everything that counts beside the filters are made of, by the `regions` of the reader's scope. One
    query."""
    paths = {one.pk: one.path for one in regions}
    rows = (
        _narrowed(actor, asked)
        .order_by()
        .annotate(standing_=Case(When(gone_at=None, then="state"), default=Value(GONE)))
    )
    counted = rows.values(
        "kind", "standing_", "stay_a__carrier__region_id", "stay_b__carrier__region_id"
    ).annotate(n=Count("pk"))
    return [
        FindingGroup(
            kind=row["kind"],
            state=row["standing_"],
            regions=frozenset(
                code
                for side in ("stay_a__carrier__region_id", "stay_b__carrier__region_id")
                for code in paths.get(row[side], "").strip("/").split("/")
                if code
            ),
            count=row["n"],
        )
        for row in counted
    ]


def finding_with_story(actor: Actor) -> QuerySet[TenancyFinding]:
    """Those that one may see, each with `told`: what of its statements and decisions one may read."""
    told = FindingStatement.objects.visible_to(actor).select_related("by", "carrier").order_by("pk")
    rows = with_sides(TenancyFinding.objects.visible_to(actor))
    return rows.prefetch_related(Prefetch("statements", told, to_attr="told"))


def silent_side_spoke(found: TenancyFinding, told: Sequence[FindingStatement]) -> bool:
    """Whether another side said something that is not told here."""
    known = [one.pk for one in told]
    return found.statements.filter(action="say").exclude(pk__in=known).exists()


def staff_of(found: TenancyFinding, *, at: datetime) -> list[User]:
    """The people who fill for the carriers concerned."""
    codes = [side.carrier.code for side in sides_of(found)]
    held = Appointment.objects.filter(role=Role.CARRIER_STAFF, carrier_code__in=codes)
    valid = held.valid_on(clock.day_of(at))
    return list(User.objects.filter(pk__in=valid.values("user_id")))


def waiting_for(actor: Actor, *, most: int) -> int:
    """How many findings wait for this actor, counted up to `most`: for an officer those that nobody decided,
    for a carrier's staff those to which nobody of them said anything."""
    rows: QuerySet[TenancyFinding] = TenancyFinding.objects.visible_to(actor).waiting().order_by()
    if actor.role == Role.CARRIER_STAFF:
        said = FindingStatement.objects.visible_to(actor).filter(action="say")
        rows = rows.exclude(pk__in=said.values("finding_id"))
    return rows[:most].count()
