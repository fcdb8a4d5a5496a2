"""Dated facts: what held on a day, and which rows a change adds. Nothing recorded is ever changed.

A row holds all facts from `valid_from` on; of several rows of one day the one recorded last holds. `named`
are the facts that its document says; the others stand in it because they held before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Dated:
    """The facts from a day on, as recorded at an instant, and which of them were said then."""

    valid_from: date
    recorded_at: datetime
    facts: Facts
    named: frozenset[str] = frozenset()

    def with_fact(self, name: str, value: object, instead_of: object) -> Dated:
        """The same row where a fact stood for what has its own key by now."""
        if self.facts.get(name) != instead_of:
            return self
        return replace(self, facts={**self.facts, name: value})


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


def said_on(rows: Sequence[Dated]) -> dict[date, frozenset[str]]:
    """By day the facts that were said anew: those named by any row of the day, and those that differ from the
    day before. Where the first row names nothing, it says all."""
    held = effective(rows)
    names = {row.valid_from: set[str]() for row in held}
    for row in rows:
        names[row.valid_from] |= row.named
    for before, row in pairwise(held):
        names[row.valid_from] |= differing(before.facts, row.facts)
    if held and not names[held[0].valid_from]:
        names[held[0].valid_from] = set(held[0].facts)
    return {day: frozenset(known) for day, known in names.items()}


def differing(before: Facts, after: Facts) -> set[str]:
    return {name for name, value in after.items() if before.get(name) != value}


def recorded(
    rows: Sequence[Dated], *, valid_from: date, changes: Facts, at: datetime, otherwise: Facts
) -> list[Dated]:
    """The rows that a change adds: that of its day first, then those of later days into which it goes on.

    A fact holds from the day for which it was said until it is said again, whether or not its value changes
    then, and in whatever order this was recorded: a letter of 2024 that confirms the level is not undone by
    one of 2022 that is recorded after it. So a back-dated change goes on into each later row until that
    names the fact; comparing values alone would lose what was said without changing anything. What nobody
    has said yet is as the first record has it, or as `otherwise` where there is none.
    """
    held, said = effective(rows), said_on(rows)
    first = min(rows, key=lambda row: (row.recorded_at, -len(row.named)), default=None)
    before = as_of(held, valid_from) or (first.facts if first else otherwise)
    added = [Dated(valid_from, at, {**before, **changes}, frozenset(changes))]
    carried = dict(changes)
    for row in held:
        if row.valid_from <= valid_from:
            continue
        carried = {name: value for name, value in carried.items() if name not in said[row.valid_from]}
        if not carried:
            break
        if differing(row.facts, {**row.facts, **carried}):
            added.append(Dated(row.valid_from, at, {**row.facts, **carried}))
    return added
