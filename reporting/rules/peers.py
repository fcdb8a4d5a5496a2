"""Who is compared with whom: carriers of one kind, in thirds by their area. Pure.

Kept as JSON: `{"bounds": [area, area], "groups": [figures, figures, figures], "all": figures}`, where figures
are `{code: [how many, median, MAD]}`. Areas are in m², as registered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reporting.rules.comparing import ENOUGH, Peers, kept, measured
from reporting.rules.values import exact


@dataclass(frozen=True, slots=True)
class Filed:
    """What one carrier filed: its registered area, None when nothing is registered, and its figures."""

    area: Decimal | None
    figures: Mapping[str, Decimal]


def measure(filed: Sequence[Filed]) -> dict[str, Any]:
    """The measures of one kind. A third that has too few peers for a figure says nothing of it; then, and
    where a carrier has no area, all of the kind are the peers."""
    areas = sorted(one.area for one in filed if one.area is not None)
    bounds = [areas[len(areas) // 3], areas[2 * len(areas) // 3]] if len(areas) >= 3 * ENOUGH else []
    groups: list[list[Filed]] = [[] for _ in range(len(bounds) + 1)]
    for one in filed:
        if one.area is not None:
            groups[_third(one.area, bounds)].append(one)
    return {
        "bounds": [exact(bound) for bound in bounds],
        "groups": [kept(_measured(group)) for group in groups] if bounds else [],
        "all": kept(_measured(filed)),
    }


def _third(area: Decimal, bounds: Sequence[Decimal]) -> int:
    return sum(1 for bound in bounds if area >= bound)


def _measured(filed: Iterable[Filed]) -> Peers:
    by_code: dict[str, list[Decimal]] = {}
    for one in filed:
        for code, number in one.figures.items():
            by_code.setdefault(code, []).append(number)
    found = {code: measured(numbers) for code, numbers in by_code.items()}
    return {code: peer for code, peer in found.items() if peer is not None}


def group_of(measures: Mapping[str, Any], area: Decimal | None) -> dict[str, Sequence[Any]]:
    """The figures to compare a carrier of this area with."""
    found: dict[str, Sequence[Any]] = dict(measures["all"])
    if area is not None and measures["groups"]:
        found |= measures["groups"][_third(area, [Decimal(bound) for bound in measures["bounds"]])]
    return found
