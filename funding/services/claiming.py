"""Who may claim in an allocation, with what: the published result of each carrier, what was frozen of it,
and the register's facts of the day on which the run froze them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from accounts.models import Region
from core.expressions import Kind, MappingRow, Value
from evaluation.models import Run
from evaluation.queries import definition
from evaluation.rules.exact import half_up
from evaluation.rules.frozen import Frozen, row_of
from funding.models import Policy
from funding.rules.allocation import Claimant
from registry.models import Carrier, CarrierVersion

_REGISTRY = ("kind", "carrier_class", "level", "region_id")
_RESULT_KINDS: dict[str, Kind | None] = {
    "grade": Kind.TEXT,
    "total": Kind.NUMBER,
    "rank": Kind.NUMBER,
    "level": Kind.TEXT,
    "kind": Kind.TEXT,
    "class": Kind.TEXT,
    "region": Kind.TEXT,
}


class _Facts(NamedTuple):
    """What the register says of a carrier."""

    kind: str
    carrier_class: str
    level: str
    region_id: int


class _Result(NamedTuple):
    """What a run says of a carrier."""

    carrier_id: int
    code: str
    city_id: int | None
    frozen: Frozen
    grade: str
    total: Decimal
    rank: int | None


@dataclass(frozen=True, slots=True)
class Claims:
    """The claimants, and of each carrier's code its key and its city's."""

    claimants: list[Claimant]
    carriers: dict[str, int]
    cities: dict[str, int | None]


def kinds_of(run: Run) -> dict[str, Kind | None]:
    """Every name that a policy may read over this run, with its type: what was frozen, and the result."""
    frozen = {name: None if kind is None else Kind(kind) for name, kind in run.kinds.items()}
    return {**frozen, **_RESULT_KINDS}


def gather(policy: Policy, run: Run) -> Claims:
    """The graded carriers of a run that lay in the policy's region. Four queries; changes nothing."""
    places = {pk: (code, path) for pk, code, path in Region.objects.values_list("pk", "code", "path")}
    facts = _register(run)
    places_total = definition(run.scheme).decimals
    found = Claims([], {}, {})
    for one in _results(run):
        known = facts[one.carrier_id]
        region, path = places[known.region_id]
        if path.startswith(policy.region.path):
            row = _row(one, known, region, run, places_total)
            found.claimants.append(Claimant(one.code, one.rank, row))
            found.carriers[one.code] = one.carrier_id
            found.cities[one.code] = one.city_id
    return found


def _results(run: Run) -> list[_Result]:
    rows = run.entries.exclude(grade="").order_by("carrier__code")
    shown = ("carrier_id", "carrier__code", "city_id", "frozen", "grade", "total", "rank")
    return [_Result(*row) for row in rows.values_list(*shown)]


def _register(run: Run) -> dict[int, _Facts]:
    """The facts that held on the run's day as far as they were recorded when it froze; of a carrier without
    dated ones those of now. What is recorded later changes nothing."""
    rows = Carrier.objects.filter(entries__run=run).order_by()
    facts = {pk: _Facts(*known) for pk, *known in rows.values_list("pk", *_REGISTRY)}
    dated = CarrierVersion.objects.filter(
        carrier__entries__run=run, valid_from__lte=run.facts_as_of, recorded_at__lte=run.frozen_at
    ).order_by("carrier_id", "valid_from", "recorded_at")
    facts.update({pk: _Facts(*known) for pk, *known in dated.values_list("carrier_id", *_REGISTRY)})
    return facts


def _row(one: _Result, facts: _Facts, region: str, run: Run, places: int) -> MappingRow:
    """What expressions read. What was frozen counts as it was frozen; result and register add to it."""
    frozen = row_of(one.frozen, run.kinds)
    total = half_up(one.total, places)
    register: dict[str, str] = {
        "kind": facts.kind,
        "class": facts.carrier_class,
        "level": facts.level,
        "region": region,
    }
    words = {name: text for name, text in register.items() if text and name not in frozen.cells}
    values: dict[str, Value] = {**frozen.values, **words, "grade": one.grade, "total": total}
    values["rank"] = None if one.rank is None else Decimal(one.rank)
    cells = {**frozen.cells, **words, "grade": one.grade, "total": format(total, "f")}
    cells["rank"] = None if one.rank is None else str(one.rank)
    return MappingRow(values, cells)
