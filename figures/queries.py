"""Published figures, the newest value of each."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.actors import Actor
from accounts.models import Region
from figures.models import Figure


def newest(rows: Iterable[Figure]) -> list[Figure]:
    """Of rows with the latest as-of day first: the first of each region, year and part."""
    seen: set[tuple[str, int, int, str]] = set()
    answer = []
    for row in rows:
        key = (row.definition, row.region_id, row.year, row.part)
        if key not in seen:
            seen.add(key)
            answer.append(row)
    return answer


def latest(code: str, actor: Actor, region: Region | None = None) -> list[Figure]:
    """Every year and part of one definition for a region (the root by default), the newest year first."""
    rows = Figure.objects.visible_to(actor).filter(definition=code).select_related("region")
    rows = rows.filter(region=region) if region else rows.filter(region__parent=None)
    return newest(rows.order_by("-year", "part", "-as_of", "-pk"))


def by_city(code: str, year: int, actor: Actor) -> list[Figure]:
    """One definition in one year for every region below the root, whole values."""
    rows = Figure.objects.visible_to(actor).filter(definition=code, year=year, part="")
    rows = rows.exclude(region__parent=None).select_related("region")
    return newest(rows.order_by("region__code", "-as_of", "-pk"))
