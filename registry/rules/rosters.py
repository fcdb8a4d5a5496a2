"""What a year's list of tenants means for the register: who is new, who changed, who came, who went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One tenant of a list, its credit code in its kept form. `graduated` is the day it graduated."""

    credit_code: str
    name: str
    entered: date
    founded: date | None = None
    field: str = ""
    graduated: date | None = None
    graduated_by: str = ""


@dataclass(frozen=True, slots=True)
class Stayed:
    """A stay as the register has it; `id` is its row."""

    id: int
    credit_code: str
    entered: date
    ended: date | None


@dataclass(slots=True)
class Plan:
    """What is to be done: stays to open, `(id, day, condition)` to end, `(id, day)` whose entry moved."""

    opened: list[RosterLine] = field(default_factory=list)
    ended: list[tuple[int, date, str]] = field(default_factory=list)
    moved: list[tuple[int, date]] = field(default_factory=list)
    same: int = 0


def plan(lines: Iterable[RosterLine], stays: Iterable[Stayed], *, year: int) -> Plan:
    """A list shows a carrier at the end of its year. Who stayed and is not on it left by that day; who
    entered only after it is no business of this list. A stay that ended is history and is left alone."""
    closing = date(year, 12, 31)
    current: dict[str, Stayed] = {}
    past: set[tuple[str, date]] = set()
    for stay in stays:
        if stay.ended is None:
            current[stay.credit_code] = stay
        else:
            past.add((stay.credit_code, stay.entered))
    answer = Plan()
    named: set[str] = set()
    for line in lines:
        named.add(line.credit_code)
        _plan_line(answer, line, current.get(line.credit_code), past)
    for code, stay in current.items():
        if code not in named and stay.entered <= closing:
            answer.ended.append((stay.id, closing, ""))
    return answer


def _plan_line(answer: Plan, line: RosterLine, held: Stayed | None, past: set[tuple[str, date]]) -> None:
    if held is None:
        if (line.credit_code, line.entered) in past:
            answer.same += 1
        else:
            answer.opened.append(line)
        return
    if held.entered != line.entered:
        answer.moved.append((held.id, line.entered))
    if line.graduated:
        answer.ended.append((held.id, max(line.graduated, line.entered), line.graduated_by))
    elif held.entered == line.entered:
        answer.same += 1


def changed(
    lines: Iterable[RosterLine], known: Mapping[str, tuple[str, date | None, str]]
) -> dict[str, tuple[str, date | None, str]]:
    """The tenants whose `(name, founded, field)` the list gives otherwise; an empty cell changes nothing."""
    answer = {}
    for line in lines:
        old = known.get(line.credit_code)
        if old is None:
            continue
        new = (line.name or old[0], line.founded or old[1], line.field or old[2])
        if new != old:
            answer[line.credit_code] = new
    return answer
