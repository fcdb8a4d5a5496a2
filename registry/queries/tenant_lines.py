"""Tenants as lists show them, by plain values: many thousand leave at once, a page of them the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BooleanField, F, Func, QuerySet

from accounts.actors import Actor
from core.http import said
from registry.models import Carrier, Stay, TenancyFinding, Tenant
from registry.queries.levels import level_words
from registry.rules import tenancy
from registry.rules.desk_lists import STANDINGS
from registry.rules.listing import choices
from registry.rules.vocabulary import GRADUATED

VALUES = ("pk", "name", "credit_code", "field", "founded", "high_tech_since")


class CarrierWords(NamedTuple):
    """A carrier in a tenant's line, coded facts by their words of the day."""

    code: str
    name: str
    kind: str
    carrier_class: str
    field: str
    level: str
    state: str
    operator: str
    region: str
    city: str


class StayLine(NamedTuple):
    """One stay; `graduated_by` and `standing` in words, the first empty for one that only left or lasts."""

    carrier: CarrierWords
    entered: date | None
    ended: date | None
    graduated_by: str
    evidence: bool
    standing: str


class TenantLine(NamedTuple):
    """A tenant with its stays in one's scope, the oldest first, and the findings that wait there (key, kind).

    `latest` is the stay that lasts, else the one that ended last; `months` how long it has been.
    """

    name: str
    credit_code: str
    field: str
    founded: date | None
    high_tech_since: date | None
    stays: Sequence[StayLine]
    latest: StayLine
    standing: str
    months: int | None
    findings: Sequence[tuple[int, str]]


class Among(Func):
    """Whether a key is one of these: on PostgreSQL a single parameter, where `IN` has one for each."""

    output_field = BooleanField()

    def __init__(self, name: str, keys: Sequence[int]) -> None:
        super().__init__(F(name))
        self.keys = list(keys)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        marks = ", ".join(["%s"] * len(self.keys)) or "NULL"
        return f"{sql} IN ({marks})", (*params, *self.keys)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{sql} = ANY(%s)", (*params, self.keys)


_NOBODY = StayLine(CarrierWords(*("",) * 10), None, None, "", False, "")


def values_of(rows: QuerySet[Tenant]) -> QuerySet[Any]:
    """The rows as `reader` takes them."""
    return rows.values_list(*VALUES)


def reader(actor: Actor, today: date) -> Callable[[Sequence[Any]], list[TenantLine]]:
    """Makes lines of rows of `values_of`: a batch costs three queries, one of them only for carriers that
    were not met before."""
    told = {name: {code: said(text) for code, text in one.items()} for name, one in _words(today).items()}
    known: dict[int, CarrierWords] = {}

    def lines(rows: Sequence[Any]) -> list[TenantLine]:
        keys = [row[0] for row in rows]
        stays = _stays(actor, keys, known, told)
        waiting = _findings(actor, keys)
        return [_line(row, stays.get(row[0], ()), waiting.get(row[0], ()), told, today) for row in rows]

    return lines


def _words(today: date) -> dict[str, Any]:
    return {**choices(level_words(today)), "graduated_by": GRADUATED, "standing": STANDINGS}


def _line(
    row: Any,
    stays: Sequence[StayLine],
    findings: Sequence[tuple[int, str]],
    told: dict[str, dict[str, str]],
    today: date,
) -> TenantLine:
    _pk, name, credit_code, field, founded, high_tech_since = row
    latest = stays[0] if len(stays) == 1 else max(stays, key=_recent, default=_NOBODY)
    entered = latest.entered
    return TenantLine(
        name,
        credit_code,
        told["field"].get(field, field),
        founded,
        high_tech_since,
        stays,
        latest,
        latest.standing,
        tenancy.months_between(entered, latest.ended or today) if entered else None,
        findings,
    )


def _recent(stay: StayLine) -> tuple[bool, date, date]:
    return stay.ended is None, stay.ended or date.min, stay.entered or date.min


def _stays(
    actor: Actor, keys: Sequence[int], known: dict[int, CarrierWords], told: dict[str, dict[str, str]]
) -> dict[int, list[StayLine]]:
    rows = Stay.objects.visible_to(actor).filter(Among("tenant_id", keys)).order_by("entered", "pk")
    found = list(
        rows.values_list("tenant_id", "carrier_id", "entered", "ended", "graduated_by", "evidence_id")
    )
    known |= _carriers({carrier for _, carrier, *_ in found} - known.keys(), told)
    answer: dict[int, list[StayLine]] = {}
    graduated, standings = told["graduated_by"], told["standing"]
    for tenant, carrier, entered, ended, by, evidence in found:
        standing = standings["here" if ended is None else "graduated" if by else "left"]
        stay = StayLine(known[carrier], entered, ended, graduated.get(by, by), evidence is not None, standing)
        answer.setdefault(tenant, []).append(stay)
    return answer


def _carriers(keys: Iterable[int], told: dict[str, dict[str, str]]) -> dict[int, CarrierWords]:
    """In one's scope: they are those of stays that one may see."""
    wanted = list(keys)
    if not wanted:
        return {}
    rows = Carrier.objects.filter(pk__in=wanted).select_related("operator", "region__parent")
    answer = {}
    for one in rows:
        above = one.region.parent
        city = one.region if above is None or above.parent_id is None else above
        answer[one.pk] = CarrierWords(
            code=one.code,
            name=one.name,
            **{name: told[name].get(getattr(one, name), "") for name in _CODED},
            operator=one.operator.name,
            region=str(one.region),
            city=str(city),
        )
    return answer


_CODED = ("kind", "carrier_class", "field", "level", "state")


def _findings(actor: Actor, keys: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    rows = TenancyFinding.objects.visible_to(actor).waiting().filter(Among("tenant_id", keys)).order_by("pk")
    answer: dict[int, list[tuple[int, str]]] = {}
    for pk, tenant, kind in rows.values_list("pk", "tenant_id", "kind"):
        answer.setdefault(tenant, []).append((pk, said(tenancy.RULES[tenancy.Irregular(kind)].title)))
    return answer
