"""Carriers by the workbook: what it would do, and doing it, set-wise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Region
from core.workbook.tables import Lines
from registry.models import Carrier, Operator
from registry.queries.bulk import carriers_of, register_for
from registry.rules.bulk import Plan
from registry.rules.carrier_import import CarrierRow, plan
from registry.services.carriers import NewCarrier, register_carriers
from registry.services.dating import Basis, Step, write_all
from registry.services.operators import register_operators


def look(*, actor: Actor, read: Lines, at: datetime) -> Plan[CarrierRow]:
    """What the file would do now; nothing is written."""
    return plan(read, register_for(actor, read.lines, carriers_of(actor, read.lines), at))


@transaction.atomic
def hold(*, actor: Actor, read: Lines, at: datetime) -> tuple[Plan[CarrierRow], Mapping[str, Carrier]]:
    """The same with its carriers locked, for the transaction that writes. Carriers that are not there yet
    cannot be locked, so files are written one after another: of two with the same new carrier the second
    finds it."""
    list(Region.objects.filter(parent=None).order_by("pk").select_for_update(of=("self",)))
    carriers = carriers_of(actor, read.lines, lock=True)
    return plan(read, register_for(actor, read.lines, carriers, at)), carriers


@transaction.atomic
def write(
    *, actor: Actor, found: Plan[CarrierRow], held: Mapping[str, Carrier], at: datetime,
    told: Mapping[str, Any],
) -> None:  # fmt: skip
    """Writes a plan made under lock: operators that are new, new carriers, changes with their dated rows.
    `told` goes into the audit of each change."""
    wanted = {
        str(row.facts["operator_id"]): row.operator_name
        for row in (*found.new, *found.changed)
        if isinstance(row.facts.get("operator_id"), str)
    }
    made = register_operators(actor=actor, names=wanted, at=at)
    keys: dict[object, int] = {code: one.pk for code, one in made.items()}
    register_carriers(actor=actor, new=_new(found.new, keys), at=at)
    write_all(actor, [_step(row, held[row.code], keys) for row in found.changed], at, told)


def _new(rows: Sequence[CarrierRow], keys: Mapping[object, int]) -> list[NewCarrier]:
    operators = Operator.objects.in_bulk([_key(row.facts["operator_id"], keys) for row in rows])
    regions = Region.objects.in_bulk(
        [key for row in rows for key in (row.facts["region_id"], row.facts["home_region_id"]) if key]
    )
    answer = []
    for row in rows:
        facts = dict(row.facts)
        home = facts.pop("home_region_id")
        answer.append(
            NewCarrier(
                operator=operators[_key(facts.pop("operator_id"), keys)],
                region=regions[facts.pop("region_id")],
                home_region=regions[home] if home else None,
                valid_from=row.valid_from,
                basis=row.basis,
                document_number=row.document_number,
                batch=row.batch,
                **facts,
            )
        )
    return answer


def _key(value: Any, keys: Mapping[object, int]) -> int:
    """The row of an operator, which the plan knows by credit code where it was not there yet."""
    return keys[value] if isinstance(value, str) else value


def _step(row: CarrierRow, carrier: Carrier, keys: Mapping[object, int]) -> Step:
    changes, added = row.facts, row.added
    if isinstance(changes.get("operator_id"), str):
        key = _key(changes["operator_id"], keys)
        changes = {**changes, "operator_id": key}
        added = [one.with_fact("operator_id", key, row.facts["operator_id"]) for one in added]
    return Step(
        carrier=carrier,
        action="carrier.level" if set(changes) == {"level"} else "carrier.change",
        changes=changes,
        valid_from=row.valid_from,
        basis=Basis(row.basis, row.document_number, row.batch),
        rows=row.history,
        added=added,
    )
