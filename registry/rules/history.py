"""Dated facts: what held on a day, and which rows a change adds. Nothing recorded is ever changed.

A row holds all facts from `valid_from` on; of several rows of one day the one recorded last holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Dated:
    """The facts from a day on, as recorded at an instant."""

    valid_from: date
    recorded_at: datetime
    facts: Facts


def effective(rows: Iterable[Dated]) -> list[Dated]:
    """The rows that hold, by day."""
    last: dict[date, Dated] = {}
    for row in sorted(rows, key=lambda one: (one.valid_from, one.recorded_at)):
        last[row.valid_from] = row
    return list(last.values())


def as_of(rows: Iterable[Dated], day: date) -> Facts | None:
    """The facts on a day; None before the first."""
    held = [row for row in effective(rows) if row.valid_from <= day]
    return held[-1].facts if held else None


def recorded(
    rows: Sequence[Dated], *, valid_from: date, changes: Facts, at: datetime, otherwise: Facts
) -> list[Dated]:
    """The rows that a change adds; `otherwise` are the facts where nothing was recorded yet. A back-dated
    change goes on into later rows until each of its facts is changed again there: whoever changed the level
    later did not say that the name stays the old one."""
    held = effective(rows)
    before = as_of(held, valid_from) or (held[0].facts if held else otherwise)
    added = [Dated(valid_from, at, {**before, **changes})]
    carried = {name: value for name, value in changes.items() if before.get(name) != value}
    for row in held:
        if row.valid_from <= valid_from:
            continue
        carried = {name: value for name, value in carried.items() if row.facts.get(name) == before.get(name)}
        if not carried:
            break
        added.append(Dated(row.valid_from, at, {**row.facts, **carried}))
    return added
