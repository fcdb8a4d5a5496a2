"""What an application may be a second time: bodies with a name like its, or with its credit code.

A doubt blocks nobody from applying. It stands before the office with both sides, and is answered there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.actors import PORTAL
from accounts.models import Region
from core import clock
from core.text import T, Text
from registry.models import Application, ApplicationClearance, Carrier, CarrierVersion, Operator
from registry.queries.levels import level_words
from registry.rules import lookalike
from registry.rules.registering import day_in
from registry.rules.registering_moves import AT_OFFICES, State

CANDIDATES = 50
SAME_CODE = T("信用代码相同")
LIKE_NAME = T("名称相近")
_OPEN = [state.value for state in (*AT_OFFICES, State.RETURNED)]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are looked at side by side."""

    name: str
    credit_code: str
    operator: str
    address: str
    region: str
    level: Text | str
    since: date | None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """`against` names the other: `carrier:CODE`, `operator:CODE` or `application:ID`."""

    against: str
    because: tuple[Text, ...]
    other: Side
    clearance: ApplicationClearance | None = None


def subject_of(found: Application) -> str:
    """What a clearance is given on."""
    return f"{found.credit_code} {found.name}"


def own_side(found: Application) -> Side:
    """The application as it was handed in."""
    return _of_application(found)


def doubts_of(found: Application) -> list[Doubt]:
    """Everything that looks like this application, the answered too. Seven queries, whatever the size."""
    places = lookalike.places_of(Region.objects.values_list("name", flat=True))
    core = lookalike.core_of(found.name, places)
    cleared = {
        one.against: one
        for one in ApplicationClearance.objects.filter(
            application=found, subject=subject_of(found)
        ).select_related("made_by")
    }
    rows = [*_carriers(found, core, places), *_operators(found), *_applications(found, core, places)]
    return [
        Doubt(names[0], because, side, next((cleared[one] for one in names if one in cleared), None))
        for names, because, side in rows
    ]


def open_doubts(found: Application) -> list[Doubt]:
    """Those that nobody has answered yet."""
    return [doubt for doubt in doubts_of(found) if doubt.clearance is None]


# What it may be (a carrier may have been cleared while it was an application itself), why, and how it looks.
Found = tuple[tuple[str, ...], tuple[Text, ...], Side]


def _carriers(found: Application, core: str, places: Sequence[str]) -> Iterator[Found]:
    known = Carrier.objects.managed_by(PORTAL).select_related("operator", "region", "application")
    named = _candidates(known, core)
    same = known.filter(operator__credit_code=found.credit_code) if found.credit_code else known.none()
    rows = {one.pk: one for one in [*same.order_by("code")[:CANDIDATES], *named]}
    words = level_words(clock.day_of(clock.now()))
    for one in sorted(rows.values(), key=lambda row: row.code):
        because = []
        if found.credit_code and one.operator.credit_code == found.credit_code:
            because.append(SAME_CODE)
        if _is_like(core, [one.name, *one.former_names], places):
            because.append(LIKE_NAME)
        if because:
            yield _names_of(one), tuple(because), _of_carrier(one, words)


def _names_of(one: Carrier) -> tuple[str, ...]:
    before: Application | None = getattr(one, "application", None)
    return (f"carrier:{one.code}", f"application:{before.pk}") if before else (f"carrier:{one.code}",)


def _candidates(rows: QuerySet[Carrier], core: str) -> QuerySet[Carrier]:
    """Those that share most pairs of characters with the core, now or under an earlier name."""
    searched = lookalike.searched(core)
    if not searched:
        return rows.none()
    earlier, hits = Q(), Value(0, output_field=IntegerField())
    for pair in searched:
        earlier |= Q(name__icontains=pair)
        hits = hits + Case(  # type: ignore[assignment]
            When(name__icontains=pair, then=Value(1)), default=Value(0), output_field=IntegerField()
        )
    once = CarrierVersion.objects.filter(earlier).values("carrier_id")
    return rows.filter(earlier | Q(pk__in=once)).annotate(hits=hits).order_by("-hits", "code")[:CANDIDATES]


def _is_like(core: str, names: Sequence[str], places: Sequence[str]) -> bool:
    return any(lookalike.look_alike(core, lookalike.core_of(name, places)) for name in names)


def _operators(found: Application) -> Iterator[Found]:
    """One that is known and runs nothing."""
    for one in Operator.objects.filter(credit_code=found.credit_code or "-", carriers=None):
        side = Side(one.name, one.credit_code, one.name, one.address, "—", "—", None)
        yield (f"operator:{one.credit_code}",), (SAME_CODE,), side


def _applications(found: Application, core: str, places: Sequence[str]) -> Iterator[Found]:
    """Others that are on their way."""
    like = Q(credit_code=found.credit_code) if found.credit_code else Q(pk__in=())
    for pair in lookalike.searched(core):
        like |= Q(name__icontains=pair)
    rows = Application.objects.visible_to(PORTAL).filter(like, state__in=_OPEN).exclude(pk=found.pk)
    for one in rows.select_related("region").order_by("submitted_at", "pk")[:CANDIDATES]:
        because = []
        if found.credit_code and one.credit_code == found.credit_code:
            because.append(SAME_CODE)
        if _is_like(core, [one.name], places):
            because.append(LIKE_NAME)
        if because:
            yield (f"application:{one.pk}",), tuple(because), _of_application(one)


def _of_carrier(one: Carrier, words: Mapping[str, Text]) -> Side:
    return Side(
        name=one.name,
        credit_code=one.operator.credit_code,
        operator=one.operator.name,
        address=one.address or "—",
        region=str(one.region),
        level=words.get(one.level, Text(one.level)),
        since=one.opened_on,
        number=one.code,
    )


def _of_application(one: Application) -> Side:
    facts = one.submitted
    return Side(
        name=one.name,
        credit_code=one.credit_code,
        operator=facts.get("operator_name", ""),
        address=facts.get("address", "") or "—",
        region=str(one.region or "—"),
        level=T("申请中"),
        since=day_in(facts.get("opened_on", "")),
        number=one.number,
    )
