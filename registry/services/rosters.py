"""Takes an accepted list of tenants over into the register: a few queries, however long the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.actors import Actor
from core.locks import locked
from office.services import audit
from registry.models import Carrier, Stay, Tenant
from registry.rules.rosters import Plan, RosterLine, Stayed, changed, plan

BATCH = 500


@dataclass(frozen=True, slots=True)
class Synced:
    """How many tenants were new or changed, how many stays opened, ended, moved, or as before."""

    new_tenants: int
    changed_tenants: int
    opened: int
    ended: int
    moved: int
    same: int


@transaction.atomic
def sync_roster(
    *, carrier: Carrier, rows: Sequence[RosterLine], year: int, actor: Actor, at: datetime
) -> Synced:
    """Brings tenants and stays of a carrier to what its list of the year says.

    Doing it again changes nothing. The caller has checked the list; of two rows with one credit code
    the last one counts.
    """
    held = locked(Carrier.objects.managed_by(actor), pk=carrier.pk)
    lines = list({row.credit_code: row for row in rows}.values())
    tenants, new, altered = _upsert(lines)
    stays = Stay.objects.filter(carrier=held, tenant__isnull=False).select_related("tenant")
    known = {stay.pk: stay for stay in stays}
    todo = plan(
        lines,
        [Stayed(s.pk, s.tenant.credit_code, s.entered, s.ended) for s in known.values() if s.tenant],
        year=year,
    )
    _apply(held, todo, known, tenants, at)
    done = Synced(new, altered, len(todo.opened), len(todo.ended), len(todo.moved), todo.same)
    detail = {"year": year, **asdict(done)}
    audit.record(actor=actor, action="roster.sync", on=held, key=held.code, at=at, detail=detail)
    return done


def _upsert(lines: Sequence[RosterLine]) -> tuple[dict[str, Tenant], int, int]:
    """The tenants of these lines by credit code; how many were new, how many changed."""
    codes = [line.credit_code for line in lines]
    known = Tenant.objects.in_bulk(codes, field_name="credit_code")
    new = [
        Tenant(credit_code=line.credit_code, name=line.name, founded=line.founded, field=line.field)
        for line in lines
        if line.credit_code not in known
    ]
    if new:
        # Another carrier's list may bring the same tenant at this moment: whoever is second finds it.
        Tenant.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
        known = Tenant.objects.in_bulk(codes, field_name="credit_code")
    alter = changed(lines, {code: (t.name, t.founded, t.field) for code, t in known.items()})
    for code, (name, founded, field) in alter.items():
        tenant = known[code]
        tenant.name, tenant.founded, tenant.field = name, founded, field
    Tenant.objects.bulk_update(
        [known[code] for code in alter], ["name", "founded", "field"], batch_size=BATCH
    )
    return known, len(new), len(alter)


def _apply(
    carrier: Carrier, todo: Plan, known: Mapping[int, Stay], tenants: Mapping[str, Tenant], at: datetime
) -> None:
    touched: dict[int, Stay] = {}
    for pk, entered in todo.moved:
        known[pk].entered = entered
        touched[pk] = known[pk]
    for pk, ended, graduated_by in todo.ended:
        known[pk].ended, known[pk].graduated_by = ended, graduated_by
        touched[pk] = known[pk]
    for stay in touched.values():
        stay.updated_at = at
    Stay.objects.bulk_update(
        touched.values(), ["entered", "ended", "graduated_by", "updated_at"], batch_size=BATCH
    )
    Stay.objects.bulk_create(
        [_new_stay(carrier, tenants[line.credit_code], line, at) for line in todo.opened],
        batch_size=BATCH,
    )


def _new_stay(carrier: Carrier, tenant: Tenant, line: RosterLine, at: datetime) -> Stay:
    ended: date | None = max(line.graduated, line.entered) if line.graduated else None
    return Stay(
        carrier=carrier,
        tenant=tenant,
        entered=line.entered,
        ended=ended,
        graduated_by=line.graduated_by if ended else "",
        updated_at=at,
    )
