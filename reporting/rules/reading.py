"""What was read from a workbook, before it is compared with anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.problems import Problem
from reporting.rules.checking import TableRow
from reporting.rules.form import Form
from reporting.rules.places import CellPlaces


@dataclass(slots=True)
class ReadTable:
    """A table whose heading was understood. Row numbers are the sheet's; `bad` are those with an unsound
    cell; `columns` are those that the file has (code → column number). `whole`: it is the whole table, and
    rows that are not in it have left."""

    sheet: str
    columns: Mapping[str, int]
    rows: list[TableRow] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)
    whole: bool = True


@dataclass(slots=True)
class Reading:
    """Exact texts of the fields that are sound (empty: the cell is), where each stands, and every
    problem of a cell, a heading or a sheet. `bad` are fields whose cell is unsound. `whole`: it is of the
    whole return, which is then checked as such."""

    texts: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)
    tables: dict[str, ReadTable] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)  # rows of tables that could not be read
    problems: list[Problem] = field(default_factory=list)
    whole: bool = True

    def places(self, form: Form) -> CellPlaces:
        """Where problems of checks are, in this file."""
        return CellPlaces(
            form,
            fields=self.cells,
            sheets={code: table.sheet for code, table in self.tables.items()},
            columns={code: table.columns for code, table in self.tables.items()},
        )
