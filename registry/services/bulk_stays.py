"""Tenants, teams and their stays by the workbook: what it would do, and doing it, set-wise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from core import clock
from core.workbook.tables import Lines
from office.services import audit
from registry.models import Carrier, Stay, Team, Tenant
from registry.queries.bulk import chunks
from registry.queries.bulk_stays import carriers_of, stays_for
from registry.rules.bulk import Plan
from registry.rules.stay_import import StayRow, plan
from registry.rules.stay_sheet import Whose
from registry.services import tenancy

BATCH = 500
# By the column of the key: the table, whose stay it is, and what it calls the day of its founding.
BODIES: Mapping[str, tuple[Any, str, str]] = {
    "credit_code": (Tenant, "tenant", "founded"),
    "team_no": (Team, "team", "formed"),
}


def look(*, actor: Actor, read: Lines, at: datetime) -> Plan[StayRow]:
    """What the file would do now; nothing is written."""
    return plan(read, stays_for(actor, read.lines, carriers_of(actor, read.lines), clock.day_of(at)))


@transaction.atomic
def hold(*, actor: Actor, read: Lines, at: datetime) -> tuple[Plan[StayRow], Mapping[str, Carrier]]:
    """The same with its carriers locked, for the transaction that writes."""
    carriers = carriers_of(actor, read.lines, lock=True)
    return plan(read, stays_for(actor, read.lines, carriers, clock.day_of(at))), carriers


@transaction.atomic
def write(
    *, actor: Actor, found: Plan[StayRow], held: Mapping[str, Carrier], at: datetime, told: Mapping[str, Any]
) -> None:
    """Writes a plan made under lock: bodies that are new or change, then stays. One entry of the audit a
    carrier, with `told`."""
    rows = [*found.new, *found.changed]
    bodies: dict[Whose, int] = {}
    for column in BODIES:
        bodies |= _written(column, [row for row in rows if row.whose[0] == column])
    Stay.objects.bulk_create([_new(row, held, bodies, at) for row in found.new], batch_size=BATCH)
    changed = {row.pk: row.stay for row in found.changed if row.stay and row.pk}
    stays = {pk: one for some in chunks(changed) for pk, one in Stay.objects.in_bulk(some).items()}
    for pk, stay in stays.items():
        stay.updated_at = at
        for name, value in changed[pk].items():
            setattr(stay, name, value)
    names = ["entered", "ended", "graduated_by", "updated_at"]
    Stay.objects.bulk_update(stays.values(), names, batch_size=BATCH)
    _tell(actor, found, held, at, told)
    tenancy.ask_after_commit(at=at)


def _tell(
    actor: Actor, found: Plan[StayRow], held: Mapping[str, Carrier], at: datetime, told: Mapping[str, Any]
) -> None:
    new, changed = (Counter(row.code for row in some) for some in (found.new, found.changed))
    acts = [
        audit.Act("stay.import", held[code], code, {**told, "new": new[code], "changed": changed[code]})
        for code in sorted(new | changed)
    ]
    audit.record_all(actor=actor, acts=acts, at=at)


def _written(column: str, rows: Sequence[StayRow]) -> dict[Whose, int]:
    """By key the rows of the companies or teams, new ones made and changed ones changed."""
    model, _stay, founded = BODIES[column]
    said: dict[str, dict[str, Any]] = {}
    for row in rows:
        said.setdefault(row.whose[1], {}).update(_named(row.body, founded))
    known: dict[str, Any] = {}
    for some in chunks(said):
        known |= model.objects.in_bulk(some, field_name=column)
    new = [model(**{column: key}, **facts) for key, facts in said.items() if key not in known]
    # Another list may bring the same one at this moment: whoever is second finds it.
    model.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    changed = [known[key] for key, facts in said.items() if key in known and facts]
    for row in changed:
        for name, value in said[getattr(row, column)].items():
            setattr(row, name, value)
    names = ["name", founded, "field", *(["high_tech_since"] if model is Tenant else [])]
    model.objects.bulk_update(changed, names, batch_size=BATCH)
    for some in chunks(getattr(row, column) for row in new):
        known |= model.objects.in_bulk(some, field_name=column)
    return {(column, key): row.pk for key, row in known.items()}


def _named(body: Mapping[str, Any], founded: str) -> dict[str, Any]:
    """What a line says of a body under the names of its table."""
    return {founded if name == "founded" else name: value for name, value in body.items()}


def _new(row: StayRow, held: Mapping[str, Carrier], bodies: Mapping[Whose, int], at: datetime) -> Stay:
    _model, whose, _founded = BODIES[row.whose[0]]
    return Stay(carrier=held[row.code], updated_at=at, **{f"{whose}_id": bodies[row.whose]}, **row.stay)
