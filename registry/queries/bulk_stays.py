"""What a file of tenants and teams is compared with: a few queries however long it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.actors import Actor
from core.amounts import narrow
from core.workbook.tables import Line
from registry.models import Carrier, Stay, Team, Tenant
from registry.queries.bulk import chunks
from registry.rules.stay_sheet import KnownBody, KnownStay, Place, Stays, Whose


def carriers_of(actor: Actor, lines: Sequence[Line], *, lock: bool = False) -> dict[str, Carrier]:
    """The carriers of the scope that a file names, by code; with `lock` held until the transaction ends."""
    codes = sorted({narrow(str(line.values["code"])).upper() for line in lines if "code" in line.values})
    found: dict[str, Carrier] = {}
    for some in chunks(codes):
        rows: QuerySet[Carrier] = Carrier.objects.managed_by(actor).filter(code__in=some).order_by("pk")
        found |= {row.code: row for row in (rows.select_for_update(of=("self",)) if lock else rows)}
    return found


def stays_for(actor: Actor, lines: Sequence[Line], carriers: Mapping[str, Carrier], today: date) -> Stays:
    """The register as these lines are compared with it."""
    names = {str(line.values["name"]) for line in lines if "name" in line.values}
    bearers: dict[str, str] = {}
    for some in chunks(sorted(names)):
        rows = Tenant.objects.visible_to(actor).filter(name__in=some).order_by("pk")
        bearers |= dict(rows.values_list("name", "credit_code"))
    return Stays(
        today=today,
        carriers=frozenset(carriers),
        bodies={**_tenants(actor, lines), **_teams(actor, lines)},
        bearers=bearers,
        stays=_stays(carriers),
    )


def _keys(lines: Sequence[Line], column: str) -> list[str]:
    return sorted({str(line.values[column]) for line in lines if column in line.values})


def _tenants(actor: Actor, lines: Sequence[Line]) -> dict[Whose, KnownBody]:
    found: dict[Whose, KnownBody] = {}
    for some in chunks(_keys(lines, "credit_code")):
        rows = Tenant.objects.filter(credit_code__in=some)
        seen = set(Tenant.objects.visible_to(actor).filter(credit_code__in=some).values_list("pk", flat=True))
        for row in rows:
            facts = {
                "name": row.name, "founded": row.founded, "field": row.field,
                "high_tech_since": row.high_tech_since,
            }  # fmt: skip
            found["credit_code", row.credit_code] = KnownBody(facts, row.pk in seen)
    return found


def _teams(actor: Actor, lines: Sequence[Line]) -> dict[Whose, KnownBody]:
    found: dict[Whose, KnownBody] = {}
    for some in chunks(_keys(lines, "team_no")):
        seen = set(Team.objects.visible_to(actor).filter(team_no__in=some).values_list("pk", flat=True))
        for row in Team.objects.filter(team_no__in=some):
            facts = {"name": row.name, "founded": row.formed, "field": row.field}
            found["team_no", row.team_no] = KnownBody(facts, row.pk in seen)
    return found


def _stays(carriers: Mapping[str, Carrier]) -> dict[Place, list[KnownStay]]:
    found: dict[Place, list[KnownStay]] = {}
    for some in chunks(one.pk for one in carriers.values()):
        rows: Any = Stay.objects.filter(carrier__in=some).order_by("entered", "pk")
        for code, tenant, team, *stay in rows.values_list(
            "carrier__code", "tenant__credit_code", "team__team_no", "pk", "entered", "ended", "graduated_by"
        ):
            whose = ("credit_code", tenant) if tenant else ("team_no", team)
            found.setdefault((code, *whose), []).append(KnownStay(*stay))
    return found
