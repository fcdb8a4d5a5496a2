"""A file of the past against the register: levels as dated facts; grades, awards and totals as records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.amounts import narrow
from core.problems import Problem
from core.text import T
from core.workbook.tables import Line, Lines
from registry.rules import checks
from registry.rules.bulk import Cell, Faults, Plan, places_of, shown, twice
from registry.rules.carrier_import import CarrierRow
from registry.rules.carrier_sheet import KnownCarrier, Register
from registry.rules.dated_rows import added_by
from registry.rules.history import Dated, as_of, said_on
from registry.rules.levels import chosen, told_on
from registry.rules.past_sheet import (
    COLUMNS_OF_PAST,
    EARLIEST,
    KINDS_OF_PAST,
    LEVEL_COLUMNS,
    LEVELS,
    SHEETS_OF_PAST,
    PastKind,
)

# Carrier, kind, year, item.
Key = tuple[str, str, int, str]
SAID = ("value", "unit", "basis", "document_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRow:
    """One record: `pk` is the row of one that is there and is said otherwise."""

    key: Key
    name: str
    said: Mapping[str, str]
    pk: int | None = None
    cells: Sequence[Cell] = ()

    @property
    def code(self) -> str:
        return self.key[0]


@dataclass(frozen=True, slots=True)
class KnownPast:
    pk: int
    said: Mapping[str, str]


@dataclass(slots=True)
class PastPlan(Plan[Any]):
    """`new` and `changed` hold rows of levels and of records in the order of the sheets."""

    levels: list[CarrierRow] = field(default_factory=list)
    records: list[PastRow] = field(default_factory=list)


def plan(read: Lines, register: Register, known: Mapping[Key, KnownPast]) -> PastPlan:
    """Every line of all sheets, with every fault of each; nothing is written."""
    answer = PastPlan(problems=list(read.problems))
    for number, (sheet, columns) in enumerate(SHEETS_OF_PAST.items()):
        lines = [line for line in read.lines if line.sheet == sheet]
        faults = Faults(columns, Lines(lines))
        if sheet == LEVELS:
            _levels(lines, register, faults, answer)
        else:
            kind = next(one for one, words in KINDS_OF_PAST.items() if str(words) == sheet)
            _records(kind, lines, register, known, faults, answer)
        # Lines are told apart by their sheet too.
        answer.bad |= {bad + number * 10_000_000 for bad in faults.bad}
        answer.problems += faults.problems
    return answer


def _carrier(line: Line, register: Register, faults: Faults) -> KnownCarrier | None:
    """The carrier of a sound line; a name beside the code has to be one of its names."""
    if faults.is_bad(line):
        return None
    code = narrow(str(line.values["code"])).upper()
    found = register.carriers.get(code)
    if found is None:
        faults.add(
            line, "import.carrier", T("没有这家载体，或不在您的区域内。"), field="code", found=code,
            fix=T("请核对载体编号。"),
        )  # fmt: skip
        return None
    name = line.values.get("name")
    if name is not None and name not in (found.name, *found.former_names):
        faults.add(
            line, "import.two_bodies", T("编号 {code} 的载体不叫这个名称。", code=code), field="name",
            found=str(name), allowed=found.name, fix=T("请核对编号和名称；名称可以不填。"),
        )  # fmt: skip
        return None
    return found


# Levels.


def _levels(lines: Sequence[Line], register: Register, faults: Faults, answer: PastPlan) -> None:
    """Each carrier's decisions in the order of their days, each upon what those before it add."""
    known = {line.number: one for line in lines if (one := _carrier(line, register, faults))}
    same_day = twice(
        [line for line in lines if line.number in known],
        lambda line: (known[line.number].code, line.values["valid_from"]),
    )
    for some in same_day.values():
        for line in some:
            places = places_of(some, "valid_from")
            faults.add(
                line, "import.twice", T("{places} 是同一家载体同一天的决定。", places=places),
                field="valid_from", fix=T("一天只留一行。"),
            )  # fmt: skip
    rows: dict[str, list[Dated]] = {}
    days = {line.number: line.values.get("valid_from") for line in lines}
    for line in sorted(lines, key=lambda one: (str(days[one.number]), one.number)):
        one = known.get(line.number)
        if one is not None and not faults.is_bad(line):
            row = _level(line, one, rows.setdefault(one.code, list(one.history)), register, faults)
            if faults.is_bad(line):
                continue
            if row is None:
                answer.same += 1
                continue
            rows[one.code] += row.added
            answer.changed.append(row)
            answer.levels.append(row)


def _level(
    line: Line, one: KnownCarrier, rows: Sequence[Dated], register: Register, faults: Faults
) -> CarrierRow | None:
    """A decision that is not recorded on its day yet."""
    day = line.values["valid_from"]
    if not isinstance(day, date):
        return None
    faults.take(line, checks.date_faults(day, register.today))
    code, fault = chosen(register.terms, str(line.values["level"]), day)
    faults.take(line, [fault] if fault else [])
    held = as_of(rows, day)
    if held and held["level"] == code and "level" in said_on(rows).get(day, ()):
        return None
    words = {term.code: term.name for term in told_on(register.terms, day).values()}
    old = str(held["level"]) if held else ""
    texts: dict[str, Any] = {
        name: str(line.values.get(name, "")) for name in ("basis", "document_number", "batch")
    }
    today = {name: value for name, value in one.today.items() if name in _dated_names(one)}
    title = f"{_title(LEVEL_COLUMNS, 'level')} {day.isoformat()}"
    return CarrierRow(
        code=one.code, name=one.name, facts={"level": code}, valid_from=day, **texts,
        cells=[Cell(title, words.get(old, old), words.get(code, code))],
        history=list(rows), added=added_by(rows, {"level": code}, day, today, register.at),
    )  # fmt: skip


def _dated_names(one: KnownCarrier) -> set[str]:
    return set(one.today) - {"name_en", "address", "opened_on", "listed_year"}


def _title(columns: Sequence[Any], code: str) -> str:
    return next(str(column.title) for column in columns if column.code == code)


# Records.


def _records(
    kind: PastKind, lines: Sequence[Line], register: Register, known: Mapping[Key, KnownPast],
    faults: Faults, answer: PastPlan,
) -> None:  # fmt: skip
    keys: dict[int, Key] = {}
    for line in lines:
        one = _carrier(line, register, faults)
        year = _year(line, register.today, faults) if one else None
        if one and year is not None:
            keys[line.number] = (one.code, str(kind), year, str(line.values["item"]))
    for some in twice(lines, lambda line: keys.get(line.number)).values():
        for line in some:
            faults.add(
                line, "import.twice", T("{places} 是同一家同一年同一项。", places=places_of(some, "item")),
                field="item", found=str(line.values["item"]), fix=T("只留一行。"),
            )  # fmt: skip
    for line in lines:
        if line.number not in keys or faults.is_bad(line):
            continue
        row = _record(kind, line, keys[line.number], register, known)
        if row is None:
            answer.same += 1
            continue
        (answer.new if row.pk is None else answer.changed).append(row)
        answer.records.append(row)


def _year(line: Line, today: date, faults: Faults) -> int | None:
    text = narrow(str(line.values["year"]))
    if text.isdecimal() and EARLIEST <= int(text) <= today.year:
        return int(text)
    allowed = T("{first} 至 {last} 的四位年份", first=EARLIEST, last=today.year)
    problem = Problem("import.year", T("不是过去的年度。"), field="year", found=text, allowed=allowed,
                      fix=T("请核对年度。"))  # fmt: skip
    faults.take(line, [problem])
    return None


def _record(
    kind: PastKind, line: Line, key: Key, register: Register, known: Mapping[Key, KnownPast]
) -> PastRow | None:
    said = {name: shown(line.values.get(name)) for name in SAID}
    if kind is PastKind.AWARD:
        said["unit"] = "元"
    held = known.get(key)
    if held is not None and dict(held.said) == said:
        return None
    name = f"{register.carriers[key[0]].name} {key[2]} {key[3]}"
    columns = [column for column in COLUMNS_OF_PAST[kind] if column.code in SAID]
    before = held.said if held else {}
    cells = [
        Cell(column.title, before.get(column.code, ""), said[column.code])
        for column in columns
        if before.get(column.code, "") != said[column.code]
    ]
    return PastRow(key=key, name=name, said=said, pk=held.pk if held else None, cells=cells)
