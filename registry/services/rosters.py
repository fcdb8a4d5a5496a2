"""Takes an accepted list of tenants or teams over into the register: a few queries, however long it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from core.locks import locked
from office.services import audit
from registry.models import Carrier, Stay, Team, Tenant
from registry.rules.rosters import KEYS, Known, Plan, RosterLine, Stayed, changed, left_on, lines_of, plan
from registry.rules.vocabulary import FIELDS, UNSTATED
from registry.services import tenancy

BATCH = 500


@dataclass(frozen=True, slots=True)
class Synced:
    """How many tenants or teams were new or changed, how many stays opened, ended, moved, or as before."""

    new: int
    changed: int
    opened: int
    ended: int
    moved: int
    same: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """Tenants by credit code, or teams by number: how each is read, made and brought up to date."""

    model: Any
    key: str
    stay: str
    founded: str
    dated: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        return ["name", self.founded, "field", *self.dated]

    def known(self, row: Any) -> Known:
        dated = {name: getattr(row, name) for name in self.dated}
        return Known(row.name, getattr(row, self.founded), row.field, **dated)

    def values(self, said: Known | RosterLine) -> dict[str, Any]:
        dated = {name: getattr(said, name) for name in self.dated}
        return {"name": said.name, self.founded: said.founded, "field": said.field, **dated}


_KINDS = {
    "credit_code": _Kind(Tenant, "credit_code", "tenant", "founded", ("high_tech_since",)),
    "team_no": _Kind(Team, "team_no", "team", "formed"),
}


@transaction.atomic
def sync_roster(
    *,
    carrier: Carrier,
    table_key: str,
    rows: Sequence[Mapping[str, str]],
    year: int,
    actor: Actor,
    at: datetime,
) -> Synced:
    """Brings the tenants (`table_key` credit_code) or teams (team_no) of a carrier, and their stays, to what
    its accepted list of the year says; `rows` are exact texts by column.

    Doing it again changes nothing. `Carrier.DoesNotExist` outside the actor's scope; `ValueError` for
    another key.
    """
    if table_key not in KEYS:
        raise ValueError(f"no list of tenants or teams: {table_key}")
    kind = _KINDS[table_key]
    held = locked(Carrier.objects.managed_by(actor), pk=carrier.pk)
    lines = lines_of(rows, table_key=table_key, fields=FIELDS)
    who, new, altered = _upsert(kind, lines)
    stays = Stay.objects.filter(carrier=held, **{f"{kind.stay}__isnull": False}).select_related(kind.stay)
    known = {stay.pk: stay for stay in stays}
    stayed = [
        Stayed(stay.pk, getattr(getattr(stay, kind.stay), kind.key), stay.entered, stay.ended)
        for stay in known.values()
    ]
    todo = plan(lines, stayed, year=year)
    _change(todo, known, at)
    _open(kind, held, todo, who, year, at)
    done = Synced(new, altered, len(todo.opened), len(todo.ended), len(todo.moved), todo.same)
    detail = {"year": year, "list": table_key, **asdict(done)}
    audit.record(actor=actor, action="roster.sync", on=held, key=held.code, at=at, detail=detail)
    tenancy.ask_after_commit(at=at)
    return done


def _upsert(kind: _Kind, lines: Sequence[RosterLine]) -> tuple[dict[str, Any], int, int]:
    """Those whom the lines name, by key; how many were new, how many changed."""
    keys = [line.key for line in lines]
    known: dict[str, Any] = kind.model.objects.in_bulk(keys, field_name=kind.key)
    new = [kind.model(**{kind.key: line.key}, **kind.values(line)) for line in lines if line.key not in known]
    if new:
        # Another carrier's list may bring the same tenant at this moment: whoever is second finds it.
        kind.model.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
        known = kind.model.objects.in_bulk(keys, field_name=kind.key)
    alter = changed(lines, {key: kind.known(row) for key, row in known.items()})
    for key, said in alter.items():
        for name, value in kind.values(said).items():
            setattr(known[key], name, value)
    kind.model.objects.bulk_update([known[key] for key in alter], kind.names, batch_size=BATCH)
    return known, len(new), len(alter)


def _change(todo: Plan, known: Mapping[int, Stay], at: datetime) -> None:
    """Stays that moved or ended."""
    touched: dict[int, Stay] = {}
    for pk, entered in todo.moved:
        known[pk].entered = entered
        touched[pk] = known[pk]
    for pk, ended in todo.ended:
        known[pk].ended = ended
        known[pk].graduated_by = UNSTATED if pk in todo.graduated else ""
        touched[pk] = known[pk]
    for stay in touched.values():
        stay.updated_at = at
    names = ["entered", "ended", "graduated_by", "updated_at"]
    Stay.objects.bulk_update(touched.values(), names, batch_size=BATCH)


def _open(kind: _Kind, carrier: Carrier, todo: Plan, who: Mapping[str, Any], year: int, at: datetime) -> None:
    def opened() -> Iterator[Stay]:
        for line in todo.opened:
            stay = Stay(carrier=carrier, entered=line.entered, updated_at=at)
            setattr(stay, kind.stay, who[line.key])
            stay.ended = left_on(line, year=year)
            stay.graduated_by = UNSTATED if stay.ended else ""
            yield stay

    Stay.objects.bulk_create(list(opened()), batch_size=BATCH)
