"""How large the province is, and how a whole is shared out so that the parts add up to it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

# Carriers of both counted kinds by city at the end of the full year; together 2,145.
CITY_WEIGHTS = (92, 76, 117, 88, 168, 134, 72, 176, 121, 214, 143, 258, 486)
YEAR = 2021  # the last full year; returns of this and the two before are in
FULL = 2145


@dataclass(frozen=True, slots=True)
class Sizes:
    """The counts that a province of this many carriers has; at 2,145 they are those of the real notices."""

    incubators: int
    makerspaces: int
    before: int
    two_before: int
    specialised_incubators: int
    specialised_makerspaces: int
    national: int
    national_evaluated: int
    upstream_a: int
    upstream_a_before: int
    tenants: int
    incubator_tenants: int
    teams: int
    new_incubator_tenants: int
    new_makerspace_firms: int
    employed: int
    graduates_employed: int
    student_teams: int

    @property
    def carriers(self) -> int:
        return self.incubators + self.makerspaces


def sizes(carriers: int = FULL) -> Sizes:
    """All counts, in proportion."""

    def part(count: int) -> int:
        return max(1, round(count * carriers / FULL))

    incubators = part(1070)
    return Sizes(
        incubators=incubators,
        makerspaces=carriers - incubators,
        before=part(1890),
        two_before=part(1729),
        specialised_incubators=part(309),
        specialised_makerspaces=part(226),
        national=part(244),
        national_evaluated=part(219),
        upstream_a=part(92),
        upstream_a_before=part(65),
        tenants=part(77_000),
        incubator_tenants=part(43_600),
        teams=part(20_800),
        new_incubator_tenants=part(10_480),
        new_makerspace_firms=part(8_260),
        employed=part(665_000),
        graduates_employed=part(60_000),
        student_teams=part(12_900),
    )


def shared(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """`total` shared out by the weights in whole numbers that add up to it, each at least `least`."""
    free = total - least * len(weights)
    if free < 0:
        raise ValueError(f"{total} cannot give {len(weights)} parts {least} each")
    whole = sum(weights)
    exact = [free * weight / whole for weight in weights]
    parts = [int(amount) for amount in exact]
    largest = sorted(range(len(weights)), key=lambda at: (parts[at] - exact[at], at))
    for at in largest[: free - sum(parts)]:
        parts[at] += 1
    return [part + least for part in parts]


def skewed(rng: random.Random, count: int, spread: float = 0.55) -> list[float]:
    """Weights as sizes of organisations are spread: many middling, a few large."""
    return [rng.lognormvariate(0, spread) for _ in range(count)]
