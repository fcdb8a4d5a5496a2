"""What a file of the register means line by line: new, changed, same, or not taken and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from core.columns import Column, Value
from core.problems import Problem, Sentence, Severity, grouped
from core.text import T, Text
from core.workbook.tables import Line, Lines

# What a workbook of the register can be about.
SHEETS: dict[str, Text] = {"carriers": T("载体"), "stays": T("在孵企业和团队"), "past": T("历史资料")}
MOST_SHOWN = 200
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Cell:
    """What changes in one cell of a line, in words."""

    title: str
    old: str
    new: str


@dataclass(slots=True)
class Plan(Generic[R]):
    """What a file would do: rows to be added, rows to be changed, how many are as before. `bad` are the
    numbers of the lines that stay out; `problems` say why, and what is only to be known."""

    new: list[R] = field(default_factory=list)
    changed: list[R] = field(default_factory=list)
    same: int = 0
    bad: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """accepted, partly (some lines stay out) or rejected (all do)."""
        if not self.bad:
            return "accepted"
        return "partly" if self.new or self.changed or self.same else "rejected"

    @property
    def counts(self) -> dict[str, int]:
        return {"new": len(self.new), "changed": len(self.changed), "same": self.same, "bad": len(self.bad)}

    @property
    def grouped(self) -> list[Problem]:
        return grouped(sorted(self.problems, key=lambda one: one.severity is not Severity.ERROR))


class Faults:
    """Gathers what is wrong, each with its cell, and remembers which lines that keeps out."""

    def __init__(self, columns: Sequence[Column], read: Lines) -> None:
        self._titles = {column.code: column.title for column in columns}
        self.problems: list[Problem] = list(read.problems)
        self.bad: set[int] = {line.number for line in read.lines if line.wrong}

    def add(
        self, line: Line, code: str, message: Text, *, field: str = "", found: str = "",
        allowed: Sentence = "", fix: Sentence = "",
    ) -> None:  # fmt: skip
        """One fault of a line at the cell of a column."""
        problem = Problem(code, message, field=field, found=found, allowed=allowed, fix=fix)
        self.take(line, [problem])

    def take(self, line: Line, problems: Iterable[Problem], columns: Mapping[str, str] | None = None) -> None:
        """What checks of the register found, put where it stands; `columns` says under which column a fact is
        that has none of its own name."""
        for problem in problems:
            column = (columns or {}).get(problem.field, problem.field)
            title = self._titles.get(column, "")
            self.problems.append(replace(problem, place=line.place(column), field=column, title=title))
            if problem.severity is Severity.ERROR:
                self.bad.add(line.number)

    def is_bad(self, line: Line) -> bool:
        return line.number in self.bad


def twice(lines: Iterable[Line], key: Any) -> dict[object, list[Line]]:
    """The lines that share a key with another one; a line whose key is empty shares none."""
    found: defaultdict[object, list[Line]] = defaultdict(list)
    for line in lines:
        if known := key(line):
            found[known].append(line)
    return {known: some for known, some in found.items() if len(some) > 1}


def places_of(lines: Sequence[Line], code: str) -> str:
    """Where they stand, at most four by name."""
    listed = "、".join(line.place(code).rpartition("!")[2] for line in lines[:4])
    return f"{listed}…" if lines[4:] else listed


def shown(value: object) -> str:
    """A value as a preview tells it; numbers without the zeros that say nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def word(value: Value | None, column: Column) -> str:
    """A value of a column in its words."""
    return column.choices.get(str(value or ""), shown(value)) if column.choices else shown(value)


def severities(problems: Iterable[Problem]) -> Counter[str]:
    """How many places of each severity."""
    counted: Counter[str] = Counter()
    for problem in problems:
        counted[problem.severity.value] += problem.count
    return counted


def missing(line: Line, columns: Sequence[Column], codes: Iterable[str]) -> list[Problem]:
    """Of what a new line has to say, what it does not."""
    titles = {column.code: column.title for column in columns}
    return [
        Problem(
            "import.required",
            T("新登记须填写“{title}”。", title=titles[code]),
            field=code,
            fix=T("请填写此项；已登记的请填编号或代码。"),
        )
        for code in codes
        if code not in line.values and code not in line.wrong
    ]
