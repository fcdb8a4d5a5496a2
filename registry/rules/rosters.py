"""What a year's list of tenants or teams means for the register: who is new, changed, came, went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

KEYS = frozenset({"credit_code", "team_no"})
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One tenant or team of a list. `key` is its credit code or team number, `graduated` the day it
    graduated; an empty `name`, `field` or date says nothing."""

    key: str
    name: str
    entered: date
    founded: date | None = None
    field: str = ""
    graduated: date | None = None
    high_tech_since: date | None = None


@dataclass(frozen=True, slots=True)
class Stayed:
    """A stay as the register has it; `id` is its row."""

    id: int
    key: str
    entered: date
    ended: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows of a tenant or team and a list may give otherwise."""

    name: str
    founded: date | None
    field: str
    high_tech_since: date | None = None


@dataclass(slots=True)
class Plan:
    """What is to be done: stays to open, `(id, day)` to end, `(id, day)` whose entry moved; `graduated` are
    the ids of those that end because the list says so."""

    opened: list[RosterLine] = field(default_factory=list)
    ended: list[tuple[int, date]] = field(default_factory=list)
    moved: list[tuple[int, date]] = field(default_factory=list)
    graduated: set[int] = field(default_factory=set)
    same: int = 0


def lines_of(rows: Iterable[Mapping[str, str]], *, table_key: str, fields: Iterable[str]) -> list[RosterLine]:
    """The rows of a checked list, exact texts by column, one a key: of two rows the last counts. A row
    without key or entry names nobody that could be in the register; a field that is none of `fields` is
    left out. ValueError for a date that is none: the list was not checked."""
    known = frozenset(fields)
    lines: dict[str, RosterLine] = {}
    for row in rows:
        key, entered = row.get(table_key, ""), _day(row, "entered")
        if not key or entered is None:
            continue
        what = row.get("field", "")
        lines[key] = RosterLine(
            key=key,
            name=row.get("name", "")[:LONGEST_NAME],
            entered=entered,
            founded=_day(row, "founded"),
            field=what if what in known else "",
            graduated=_day(row, "graduated"),
            high_tech_since=_day(row, "high_tech_since"),
        )
    # In one order everywhere: two lists at one time never wait for each other crosswise.
    return [lines[key] for key in sorted(lines)]


def _day(row: Mapping[str, str], name: str) -> date | None:
    text = row.get(name, "")
    return date.fromisoformat(text) if text else None


def left_on(line: RosterLine, *, year: int) -> date | None:
    """The day it left by this list: it graduated within the list's year or before, never before it came."""
    if line.graduated is None or line.graduated > date(year, 12, 31):
        return None
    return max(line.graduated, line.entered)


def plan(lines: Iterable[RosterLine], stays: Iterable[Stayed], *, year: int) -> Plan:
    """A list shows a carrier at the end of its year. Who stayed and is not on it left by that day; who
    entered only after it is no business of this list. A stay that ended is history and is left alone."""
    closing = date(year, 12, 31)
    current: dict[str, Stayed] = {}
    past: set[tuple[str, date]] = set()
    for stay in stays:
        if stay.ended is None:
            current[stay.key] = stay
        else:
            past.add((stay.key, stay.entered))
    answer = Plan()
    named: set[str] = set()
    for line in lines:
        named.add(line.key)
        _plan_line(answer, line, current.get(line.key), past, year)
    for key, stay in current.items():
        if key not in named and stay.entered <= closing:
            answer.ended.append((stay.id, closing))
    return answer


def _plan_line(
    answer: Plan, line: RosterLine, held: Stayed | None, past: set[tuple[str, date]], year: int
) -> None:
    if held is None:
        if (line.key, line.entered) in past:
            answer.same += 1
        else:
            answer.opened.append(line)
        return
    left = left_on(line, year=year)
    if held.entered != line.entered:
        answer.moved.append((held.id, line.entered))
    if left:
        answer.ended.append((held.id, left))
        answer.graduated.add(held.id)
    elif held.entered == line.entered:
        answer.same += 1


def changed(lines: Iterable[RosterLine], known: Mapping[str, Known]) -> dict[str, Known]:
    """Those of whom the list says something else; an empty cell changes nothing."""
    answer = {}
    for line in lines:
        old = known.get(line.key)
        if old is None:
            continue
        new = replace(
            old,
            name=line.name or old.name,
            founded=line.founded or old.founded,
            field=line.field or old.field,
            high_tech_since=line.high_tech_since or old.high_tech_since,
        )
        if new != old:
            answer[line.key] = new
    return answer
