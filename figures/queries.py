"""Published figures, the newest value of each."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

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


def latest(code: str, actor: Actor, region: Region | None = None, year: int | None = None) -> list[Figure]:
    """Every year (or one) and part of one definition for a region, the root by default; the newest year
    first, the whole before its parts."""
    rows = Figure.objects.visible_to(actor).filter(definition=code).exclude(published_at=None)
    rows = rows.filter(region=region) if region else rows.filter(region__parent=None)
    if year is not None:
        rows = rows.filter(year=year)
    return newest(rows.select_related("region").order_by("-year", "part", "-as_of", "-pk"))


def series(code: str, actor: Actor, region: Region | None = None) -> list[Figure]:
    """The whole values of one definition for a region over the years, the oldest first."""
    return [one for one in reversed(latest(code, actor, region)) if not one.part]


def heads(actor: Actor) -> dict[str, Figure]:
    """By definition: the root's newest whole value. One query."""
    rows = Figure.objects.visible_to(actor).filter(region__parent=None, part="").exclude(published_at=None)
    answer: dict[str, Figure] = {}
    for row in rows.order_by("-year", "-as_of", "-pk"):
        answer.setdefault(row.definition, row)
    return answer


def by_city(code: str, year: int, actor: Actor) -> list[Figure]:
    """One definition in one year for every region below the root, whole values."""
    rows = Figure.objects.visible_to(actor).filter(definition=code, year=year, part="")
    rows = rows.exclude(region__parent=None).exclude(published_at=None).select_related("region")
    return newest(rows.order_by("region__code", "-as_of", "-pk"))


def several(actor: Actor, year: int) -> list[Figure]:
    """Published rows of figures that have more than one value for one region, year and part: those that the
    officer looks at, each figure's newest first."""
    rows = Figure.objects.visible_to(actor).filter(year=year).exclude(published_at=None)
    groups = rows.order_by().values_list("definition", "region_id", "part").annotate(n=Count("pk"))
    doubled = {(code, region, part) for code, region, part, n in groups if n > 1}
    if not doubled:
        return []
    ordered = rows.select_related("region").order_by("definition", "region__code", "part", "-as_of", "-pk")
    return [row for row in ordered if (row.definition, row.region_id, row.part) in doubled]
