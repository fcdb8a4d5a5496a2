"""The officers' list as a table of chosen columns: the same columns as its workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.http import HttpRequest

from core.columns import Value
from core.tables import Chosen, Column, Layout, layout_of
from core.text import T
from registry.excel.carriers import COLUMNS, Shown, Words
from registry.models import Carrier
from registry.rules.listing import Asked

# What orders by a column; `rank` is of `queries.ranked`.
_SORTS: dict[str, tuple[str, ...]] = {
    "name": ("initials", "name"),
    "code": ("code",),
    "kind": ("kind",),
    "level": ("rank",),
    "field": ("field",),
    "city": ("region__path",),
    "region": ("region__path",),
    "operator": ("operator__name",),
    "area_total": ("area_total",),
    "area_tenants": ("area_tenants",),
    "area_public": ("area_public",),
    "listed_year": ("listed_year",),
    "state": ("state",),
}
# The orders that a workbook has too; by any other column it leaves by code.
_ORDERS = {"name": "name", "level": "level", "-listed_year": "newest"}
_HIDDEN = (
    "carrier_class", "designation", "home_region", "host_place", "address", "city", "credit_code",
    "area_tenants", "area_public", "listed_year", "contact", "phone",
)  # fmt: skip
# These have no day.
_UNDATED = frozenset({"code", "listed_year", "rank"})
STAYING = Column("staying", T("在驻"), unit=T("家"), number=True)


def _sort(code: str, day: date | None) -> tuple[str, ...]:
    columns = _SORTS.get(code, ())
    return tuple(f"dated__{name}" if day and name not in _UNDATED else name for name in columns)


def _column(one: Shown, day: date | None) -> Column:
    return Column(
        one.code,
        one.title,
        number=one.kind == "num",
        sort=_sort(one.code, day),
        shown=one.code not in _HIDDEN,
        fixed=one.code == "name",
    )


def layout(request: HttpRequest, day: date | None = None, chosen: Chosen | None = None) -> Layout:
    """The name first: it stays in sight when the others are scrolled. Of a day, ordered by its facts; of a
    view (`chosen`), with its columns."""
    known = sorted(COLUMNS, key=lambda one: one.code != "name")
    columns = [*(_column(one, day) for one in known), STAYING]
    return layout_of(request, "carriers", columns, by="code", chosen=chosen)


def as_ordered(asked: Asked, layout: Layout) -> Asked:
    """The list as asked for, in the order of the table where a workbook has that."""
    sort = f"-{layout.sort}" if layout.descending else layout.sort
    return replace(asked, order=_ORDERS.get(sort, "code"))


def cells(
    carrier: Carrier, layout: Layout, staying: Mapping[int, int], words: Words
) -> list[tuple[Column, str, Value | None]]:
    """The shown columns of a carrier: the column, how it is set, the value."""
    known: dict[str, Shown] = {one.code: one for one in COLUMNS}
    return [
        (column, known[column.key].kind, known[column.key].of(carrier, words))
        if column.key in known
        else (column, "num", staying.get(carrier.pk, 0))
        for column in layout.shown
    ]


def totals(layout: Layout, known: Mapping[str, Value | None]) -> Sequence[tuple[str, Value | None]]:
    """The last line: what is known of each shown column after the first."""
    return [("num" if column.number else "", known.get(column.key)) for column in layout.shown[1:]]
