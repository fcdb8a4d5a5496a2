"""The rows that a change of dated facts adds, and what they must keep together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from core.problems import Problem
from registry.rules import checks
from registry.rules.history import Dated, Facts, recorded


def added_by(
    rows: Sequence[Dated], said: Facts, valid_from: date, otherwise: Facts, at: datetime
) -> list[Dated]:
    """What recording `said` from a day on adds to `rows`. Whoever comes later under the lock holds, also
    within one instant and after a clock that was ahead."""
    if not said:
        return []
    stamp = max([at, *(row.recorded_at + timedelta(microseconds=1) for row in rows)])
    return recorded(rows, valid_from=valid_from, changes=said, at=stamp, otherwise=otherwise)


def row_faults(added: Sequence[Dated], said: Facts) -> list[Problem]:
    """What the facts together must keep, on the day of the change and on each later day into which it goes
    on; each fault once, with the first day that breaks it."""
    found: dict[tuple[str, str], Problem] = {}
    for row in added:
        facts = row.facts
        problems = [*checks.area_faults(facts, said), *checks.enclave_faults(facts, said)]
        if {"carrier_class", "field"} & set(said):
            problems += checks.class_faults(str(facts["carrier_class"]), str(facts["field"]))
        for problem in problems:
            place = "" if row is added[0] else row.valid_from.isoformat()
            found.setdefault((problem.code, problem.field), replace(problem, place=place))
    return list(found.values())
