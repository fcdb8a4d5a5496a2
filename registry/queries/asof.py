"""Carriers as they were on a day, set-wise: rows of the register that bear the facts which held then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.query import ModelIterable

from accounts.models import Region
from registry.models import Carrier, CarrierVersion
from registry.models.versions import DATED

_RELATED = ("operator", "region", "home_region")
_PLAIN = tuple(name for name in DATED if name.removesuffix("_id") not in _RELATED)


def on_day(rows: QuerySet[Carrier], day: date) -> QuerySet[Carrier]:
    """These carriers with the facts of a day; those that were not there yet are absent.

    Filters and orders say `dated__` before a fact. Who may see a carrier is decided by today's facts, so
    `rows` are already those that the reader may see. Former names are those of the page: `name_those_before`.
    """
    until = CarrierVersion.objects.filter(carrier=OuterRef("pk"), valid_from__lte=day)
    last = until.order_by("-valid_from", "-recorded_at").values("pk")[:1]
    dated = FilteredRelation("versions", condition=Q(versions__pk=F("dated_id")))
    found: Any = rows.alias(dated_id=Subquery(last)).annotate(dated=dated).filter(dated__isnull=False)
    found = found.select_related("region", "dated__operator", "dated__region", "dated__home_region")
    found._iterable_class = _told(day)
    told: QuerySet[Carrier] = found
    return told


def _told(day: date) -> type[ModelIterable[Carrier]]:
    """Reads carriers and puts the facts of the day into them. They are to be read, never saved."""
    regions = cache(lambda: regions_on(day))

    class Told(ModelIterable):  # type: ignore[type-arg]
        def __iter__(self) -> Iterator[Any]:
            for carrier in super().__iter__():
                yield _as_told(carrier, day, regions())

    return Told


def _as_told(carrier: Any, day: date, regions: Mapping[int, Region]) -> Carrier:
    version: CarrierVersion = carrier.dated
    carrier.scope_path = carrier.region.path
    for name in (*_PLAIN, "initials"):
        setattr(carrier, name, getattr(version, name))
    carrier.operator = version.operator
    carrier.region = regions[version.region_id]
    carrier.home_region = regions[version.home_region_id] if version.home_region_id else None
    carrier.as_of, carrier.former_names = day, []
    told: Carrier = carrier
    return told


def regions_on(day: date) -> dict[int, Region]:
    """By key the region under its name and code of the day: of one that has ended the one that goes on for
    it, of one that had not begun the one before it. One query; each with its `parent`."""
    rows = {row.pk: row for row in Region.objects.all()}
    before: dict[int, list[Region]] = {}
    for row in rows.values():
        if row.replaced_by_id:
            before.setdefault(row.replaced_by_id, []).append(row)
    found = {pk: _region_on(row, day, rows, before) for pk, row in rows.items()}
    for row in rows.values():
        row.parent = found[row.parent_id] if row.parent_id else None
    return found


def _region_on(
    row: Region, day: date, rows: Mapping[int, Region], before: Mapping[int, Sequence[Region]]
) -> Region:
    for _step in range(len(rows)):
        if row.valid_to and row.valid_to < day and row.replaced_by_id:
            row = rows[row.replaced_by_id]
        elif row.valid_from and day < row.valid_from and len(earlier := before.get(row.pk, ())) == 1:
            row = earlier[0]
        else:
            break
    return row


def name_those_before(carriers: Sequence[Carrier], day: date) -> None:
    """Puts the names that these carriers had before the one of the day into them. One query."""
    rows = CarrierVersion.objects.filter(
        carrier__in=[one.pk for one in carriers], valid_from__lte=day
    ).order_by("carrier_id", "valid_from", "recorded_at")
    held: dict[int, dict[date, str]] = {}
    for carrier, since, name in rows.values_list("carrier_id", "valid_from", "name"):
        held.setdefault(carrier, {})[since] = name
    for one in carriers:
        known = dict.fromkeys(held.get(one.pk, {}).values())
        one.former_names = [name for name in known if name != one.name]
