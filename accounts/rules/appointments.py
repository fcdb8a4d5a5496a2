"""When a person may be given a role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from accounts.rules.roles import TITLES, Role, conflict
from core.problems import Problem
from core.text import T

# The level of region that each of the checking roles answers for; others may stand over any.
LEVELS: dict[Role, frozenset[str]] = {
    Role.COUNTY_OFFICER: frozenset({"county"}),
    Role.CITY_OFFICER: frozenset({"city"}),
    Role.PROVINCE_OFFICER: frozenset({"province", "nation"}),
}


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment as the rules see it: the scope is a region's code or a carrier's."""

    role: Role
    scope: str
    valid_from: date
    valid_to: date | None

    def overlaps(self, other: Held) -> bool:
        return (self.valid_to is None or self.valid_to >= other.valid_from) and (
            other.valid_to is None or other.valid_to >= self.valid_from
        )


def faults(wanted: Held, held: Iterable[Held], *, region_level: str) -> Iterator[Problem]:
    """Everything that stands against an appointment. `region_level` is empty for a carrier."""
    if wanted.valid_to and wanted.valid_to < wanted.valid_from:
        yield Problem("appointment.dates", T("任期的止日早于起日。"), field="valid_to")
    of_carrier = wanted.role is Role.CARRIER_STAFF
    if not wanted.scope or of_carrier == bool(region_level):
        words = T("请指定载体编号。") if of_carrier else T("请指定区域。")
        yield Problem("appointment.scope", words, field="carrier_code" if of_carrier else "region")
    elif wanted.role in LEVELS and region_level not in LEVELS[wanted.role]:
        words = T("“{role}”不能管这一级区域。", role=TITLES[wanted.role])
        yield Problem("appointment.level", words, field="region")
    for other in held:
        if not other.overlaps(wanted):
            continue
        if conflict(other.role, wanted.role):
            words = T(
                "已任“{held}”，不能同时任“{wanted}”：办理与监督、申报与审核、审核与付款须分开。",
                held=TITLES[other.role],
                wanted=TITLES[wanted.role],
            )
            yield Problem("appointment.conflict", words, field="role")
        elif other.role is wanted.role and other.scope == wanted.scope:
            yield Problem("appointment.twice", T("任期内已有相同的任职。"), field="role")
