"""The past taken over by workbook: what it would do, and doing it, set-wise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from core.workbook.tables import Lines
from office.services import audit
from registry.models import Carrier, PastRecord
from registry.queries.bulk import carriers_of, chunks, register_for
from registry.rules.past_import import SAID, Key, KnownPast, PastPlan, plan
from registry.services.dating import Basis, Step, write_all

BATCH = 500


def look(*, actor: Actor, read: Lines, at: datetime) -> PastPlan:
    """What the file would do now; nothing is written."""
    carriers = carriers_of(actor, read.lines)
    return plan(read, register_for(actor, read.lines, carriers, at), _known(carriers))


@transaction.atomic
def hold(*, actor: Actor, read: Lines, at: datetime) -> tuple[PastPlan, Mapping[str, Carrier]]:
    """The same with its carriers locked, for the transaction that writes."""
    carriers = carriers_of(actor, read.lines, lock=True)
    return plan(read, register_for(actor, read.lines, carriers, at), _known(carriers)), carriers


def _known(carriers: Mapping[str, Carrier]) -> dict[Key, KnownPast]:
    codes = {one.pk: code for code, one in carriers.items()}
    return {
        (codes[row.carrier_id], row.kind, row.year, row.item): KnownPast(
            row.pk, {name: getattr(row, name) for name in SAID}
        )
        for some in chunks(codes)
        for row in PastRecord.objects.filter(carrier__in=some)
    }


@transaction.atomic
def write(
    *, actor: Actor, found: PastPlan, held: Mapping[str, Carrier], at: datetime, told: Mapping[str, Any]
) -> None:
    """Writes a plan made under lock: levels through the one writer of dated facts, then records, each with
    its entry in the audit."""
    steps = [
        Step(
            carrier=held[row.code],
            action="carrier.level",
            changes=row.facts,
            valid_from=row.valid_from,
            basis=Basis(row.basis, row.document_number, row.batch),
            rows=row.history,
            added=row.added,
        )
        for row in found.levels
    ]
    write_all(actor, steps, at, told)
    about = {"recorded_at": at, "recorded_by": actor.user}
    rows = [
        PastRecord(
            pk=row.pk, carrier=held[row.code], kind=row.key[1], year=row.key[2], item=row.key[3],
            **row.said, **about,
        )
        for row in found.records
    ]  # fmt: skip
    PastRecord.objects.bulk_create([row for row in rows if row.pk is None], batch_size=BATCH)
    changed = [row for row in rows if row.pk is not None]
    PastRecord.objects.bulk_update(changed, [*SAID, *about], batch_size=BATCH)
    acts = [
        audit.Act(
            "past.record",
            held[row.code],
            row.code,
            {**told, "kind": row.key[1], "year": row.key[2], "item": row.key[3],
             "changes": {cell.title: [cell.old, cell.new] for cell in row.cells}},
        )
        for row in found.records
    ]  # fmt: skip
    audit.record_all(actor=actor, acts=acts, at=at)
