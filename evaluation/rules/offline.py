"""Scoring from files alone: a scheme, the year's data, the years before, the marks.

Takes bytes and gives a result, or every fault of every file at once. Source: section 5 of the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from core.csvfile import Table, TableRow, read_table
from core.expressions import Kind, MappingRow, Value
from core.problems import Problem, Refused
from evaluation.rules.marks import Mark, check_marks, read_marks
from evaluation.rules.report import Result, run
from evaluation.rules.scheme import Scheme
from evaluation.rules.scheme_load import load_scheme
from evaluation.rules.scheme_uses import names_of
from evaluation.rules.scoring import CarrierRow

PREFIXES = ("prev.", "prev2.")
"""The names of last year's fields, and of those of the year before that."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name for people, and its bytes."""

    name: str
    data: bytes


def score_files(
    scheme: Source,
    data: Source,
    *,
    previous: Sequence[Source] = (),
    marks: Source | None = None,
    year: int,
) -> Result:
    """The result of a run; `previous` is last year's data, then the year before's.

    Raises `Refused` with the faults of all files: paths in the scheme, lines and columns in the others.
    """
    problems: list[Problem] = []
    sources = [data, *previous]
    tables = [_tried(problems, partial(read_table, s.data, name=s.name)) for s in sources]
    there = [table for table in tables if table is not None]
    kinds = _kinds(there) if len(there) == len(tables) else None
    loaded = _tried(problems, lambda: load_scheme(scheme.data, kinds))
    read = None if marks is None else _tried(problems, lambda: read_marks(marks.data, name=marks.name))
    if loaded is None or kinds is None:
        raise Refused(problems)
    result = _tried(problems, lambda: _run(loaded, there, read or [], problems, year))
    if result is None or problems:
        raise Refused(problems)
    return result


def _tried(problems: list[Problem], act: Callable[[], Answer]) -> Answer | None:
    """What the act gives; None, and its problems kept, where it is refused."""
    try:
        return act()
    except Refused as refused:
        problems += refused.problems
        return None


def _kinds(tables: Sequence[Table]) -> dict[str, Kind | None]:
    """The type of every column, those of earlier years under their prefix."""
    kinds: dict[str, Kind | None] = {}
    for prefix, table in zip(("", *PREFIXES), tables, strict=False):
        kinds.update({f"{prefix}{column}": kind for column, kind in table.kinds.items()})
    return kinds


def _run(
    scheme: Scheme,
    tables: Sequence[Table],
    marks: Iterable[Mark],
    problems: list[Problem],
    year: int,
) -> Result:
    rows = rows_of(tables, names_of(scheme.uses))
    by_leaf, wrong = check_marks(scheme, {row.carrier for row in rows}, marks)
    problems += wrong
    return run(scheme, rows, by_leaf, year=year)


def rows_of(tables: Sequence[Table], names: Iterable[str]) -> list[CarrierRow]:
    """The first table's carriers with the fields that are read, those of earlier years under their prefix."""
    earlier = [{row.carrier: row for row in table.rows} for table in tables[1:]]
    wanted = [(name, *_split(name)) for name in sorted(names)]
    answer = []
    for row in tables[0].rows:
        years: list[TableRow | None] = [row, *(by.get(row.carrier) for by in earlier)]
        values: dict[str, Value] = {}
        cells: dict[str, str | None] = {}
        for name, index, column in wanted:
            found = years[index] if index < len(years) else None
            values[name] = None if found is None else found.value(column)
            cells[name] = None if found is None else found.written(column)
        answer.append(CarrierRow(row.carrier, MappingRow(values, cells)))
    return answer


def _split(name: str) -> tuple[int, str]:
    """Which table a name reads, and which column of it."""
    for index, prefix in enumerate(PREFIXES, start=1):
        if name.startswith(prefix):
            return index, name.removeprefix(prefix)
    return 0, name
