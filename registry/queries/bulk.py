"""What a file of the register is compared with: a few queries however long it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import SYSTEM
from core import clock
from core.amounts import narrow
from core.workbook.tables import Line
from registry.models import Carrier, CarrierVersion, Operator, OperatorVersion
from registry.models.levels import designation_terms, level_terms
from registry.models.versions import dated, facts_of
from registry.permissions import designations_of, levels_of
from registry.rules.carrier_import import PLAIN
from registry.rules.carrier_sheet import KnownCarrier, KnownOperator, KnownRegion, Named, Register
from registry.rules.checks import Place

CHUNK = 2_000
V = TypeVar("V")


def chunks(values: Iterable[V]) -> Iterator[list[V]]:
    """Values in portions that a database takes in one question."""
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


def carriers_of(actor: Actor, lines: Sequence[Line], *, lock: bool = False) -> dict[str, Carrier]:
    """The carriers of the scope that a file names, by code; with `lock` held until the transaction ends."""
    codes = {narrow(str(line.values["code"])).upper() for line in lines if "code" in line.values}
    unnumbered = [line for line in lines if "code" not in line.values]
    names = {str(line.values["name"]) for line in unnumbered if "name" in line.values}
    found: dict[str, Carrier] = {}
    for wanted in [Q(code__in=some) for some in chunks(sorted(codes))] + [
        Q(name__in=some) for some in chunks(sorted(names))
    ]:
        rows: QuerySet[Carrier] = Carrier.objects.managed_by(actor).filter(wanted).order_by("pk")
        rows = rows.select_for_update(of=("self",)) if lock else rows
        found |= {row.code: row for row in rows.select_related("region", "operator")}
    return found


def register_for(
    actor: Actor, lines: Sequence[Line], carriers: Mapping[str, Carrier], at: datetime
) -> Register:
    """The register as these lines are compared with it."""
    versions: dict[int, list[CarrierVersion]] = {}
    for some in chunks(row.pk for row in carriers.values()):
        for version in CarrierVersion.objects.filter(carrier__in=some).order_by("recorded_at", "pk"):
            versions.setdefault(version.carrier_id, []).append(version)
    operators = _operators(actor, lines)
    return Register(
        at=at,
        today=clock.day_of(at),
        carriers={code: _known(row, versions.get(row.pk, [])) for code, row in carriers.items()},
        named=_named(actor),
        operators={one.credit_code: one for one in operators},
        operator_keys={one.pk: one for one in operators},
        regions=_regions(),
        terms=level_terms(fresh=True),
        inside=None if actor.role == SYSTEM else actor.region_path or "-",
        levels=levels_of(actor),
        titles=designation_terms(fresh=True),
        designations=designations_of(actor),
    )


def _known(row: Carrier, versions: Sequence[CarrierVersion]) -> KnownCarrier:
    plain = {name: getattr(row, name) for name in (*PLAIN, "listed_year")}
    return KnownCarrier(
        row.code, row.name, row.former_names, {**facts_of(row), **plain}, tuple(dated(versions))
    )


def _named(actor: Actor) -> dict[str, list[Named]]:
    """Every carrier that one may know of by each of its names, the present one first."""
    mine = set(Carrier.objects.managed_by(actor).values_list("code", flat=True))
    rows = Carrier.objects.visible_to(actor).order_by("pk")
    present: dict[str, list[Named]] = {}
    former: dict[str, list[Named]] = {}
    for code, name, before, credit_code in rows.values_list(
        "code", "name", "former_names", "operator__credit_code"
    ):
        one = Named(code, name, credit_code, code in mine)
        present.setdefault(name, []).append(one)
        for old in before:
            former.setdefault(old, []).append(one)
    for name, some in former.items():
        known = present.setdefault(name, [])
        known += [one for one in some if one not in known]
    return present


def _operators(actor: Actor, lines: Sequence[Line]) -> list[KnownOperator]:
    """Those that the file names by code or by name, and those of the actor's carriers."""
    codes = {str(line.values["credit_code"]) for line in lines if "credit_code" in line.values}
    names = {str(line.values["operator"]) for line in lines if "operator" in line.values}
    seen = {row.pk: row for row in Operator.objects.visible_to(actor)}
    rows: dict[int, Any] = dict(seen)
    for wanted in [Q(credit_code__in=some) for some in chunks(codes)] + [
        Q(name__in=some) for some in chunks(names)
    ]:
        rows |= {row.pk: row for row in Operator.objects.filter(wanted)}
    before: dict[int, set[str]] = {}
    for some in chunks(rows):
        pairs = OperatorVersion.objects.filter(operator__in=some).values_list("operator_id", "former_name")
        for key, name in pairs:
            before.setdefault(key, set()).add(name)
    return [
        KnownOperator(
            row.pk, row.credit_code, row.name, frozenset({row.name, *before.get(row.pk, ())}), row.pk in seen
        )
        for row in rows.values()
    ]


def _regions() -> dict[object, KnownRegion]:
    return {
        row.pk: KnownRegion(
            row.pk,
            row.code,
            row.name,
            row.parent.name if row.parent else "",
            row.path,
            Place(row.name, row.valid_from, row.valid_to, _successor(row)),
        )
        for row in Region.objects.select_related("parent", "replaced_by")
    }


def _successor(row: Region) -> str:
    after = row.replaced_by
    return f"{after.name}（{after.code}）" if after else ""
