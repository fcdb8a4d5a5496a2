"""The register of one's scope as lines of its workbooks: what an import reads back without a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from accounts.actors import Actor
from core.columns import Value
from registry.models import Carrier, Stay
from registry.models.levels import designation_terms, level_terms
from registry.rules.levels import told_on

CHUNK = 2_000
Row = Mapping[str, Value | None]
_PLAIN = (
    "code", "name", "kind", "carrier_class", "field", "host_place", "area_total", "area_tenants",
    "area_public", "opened_on", "address", "name_en", "state",
)  # fmt: skip


def rows_of(actor: Actor, sheet: str, today: date) -> Iterator[Row]:
    """All of a sheet, in the order of codes."""
    return _ROWS[sheet](actor, today)


def _carriers(actor: Actor, today: date) -> Iterator[Row]:
    words = {code: term.name for code, term in told_on(level_terms(), today).items()}
    titles = {code: term.name for code, term in told_on(designation_terms(), today).items()}
    rows = Carrier.objects.managed_by(actor).select_related("operator", "region__parent", "home_region")
    for one in rows.order_by("code").iterator(chunk_size=CHUNK):
        yield {
            **{name: getattr(one, name) for name in _PLAIN},
            "level": words.get(one.level, one.level),
            "designation": titles.get(one.designation, one.designation),
            "region": one.region.code,
            "home_region": one.home_region.code if one.home_region else None,
            "operator": one.operator.name,
            "credit_code": one.operator.credit_code,
            "listed_year": str(one.listed_year),
        }


def _stays(actor: Actor, today: date) -> Iterator[Row]:
    rows = Stay.objects.visible_to(actor).select_related("carrier", "tenant", "team")
    for one in rows.order_by("carrier__code", "entered", "pk").iterator(chunk_size=CHUNK):
        who = one.tenant or one.team
        yield {
            "code": one.carrier.code,
            "credit_code": one.tenant.credit_code if one.tenant else None,
            "team_no": one.team.team_no if one.team else None,
            "name": who.name if who else None,
            "founded": one.tenant.founded if one.tenant else one.team.formed if one.team else None,
            "field": who.field if who else None,
            "high_tech_since": one.tenant.high_tech_since if one.tenant else None,
            "entered": one.entered,
            "ended": one.ended,
            "graduated_by": one.graduated_by,
        }


_ROWS: Mapping[str, Callable[[Actor, date], Iterator[Row]]] = {"carriers": _carriers, "stays": _stays}
