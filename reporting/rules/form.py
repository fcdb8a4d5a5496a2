"""A form: what a return asks, as plain immutable data. Loaded by `form_reading.load_form`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from core.columns import NUMERIC, Column, ColumnType
from core.expressions import Expression, Kind, Row
from core.expressions.parsing import Node
from core.problems import Severity

REGISTRY_NAMES: dict[str, Kind] = {
    name: Kind.TEXT for name in ("kind", "class", "level", "field", "region", "carrier")
}
"""What a check may read of the carrier itself, where no field has the name."""

_KINDS = {ColumnType.DATE: Kind.DATE, ColumnType.BOOL: Kind.BOOL} | dict.fromkeys(NUMERIC, Kind.NUMBER)


def kind_of(column: Column) -> Kind:
    """The type of a column's values in expressions."""
    return _KINDS.get(column.type, Kind.TEXT)


@dataclass(frozen=True, slots=True)
class Variance:
    """Asked when the change against last year is above `share` of it and at least `at_least`."""

    share: Decimal
    at_least: Decimal
    severity: Severity
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a section. `of` names the field that it is a part of (其中)."""

    column: Column
    section: str
    of: str = ""
    depth: int = 0
    computed: Expression | None = None
    prefill: str = ""
    variance: Variance | None = None
    clause: str = ""

    @property
    def code(self) -> str:
        return self.column.code

    @property
    def title(self) -> str:
        return self.column.title

    @property
    def is_numeric(self) -> bool:
        return self.column.type in NUMERIC


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str
    fields: tuple[Field, ...]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule on the whole return, or on one row. `fields` are those it is shown at, the first one's place."""

    code: str
    check: Expression
    severity: Severity
    message: str
    fix: str = ""
    allowed: str = ""
    fields: tuple[str, ...] = ()


class TotalKind(StrEnum):
    COUNT = "count"
    SUM = "sum"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class Total:
    """A number of a table that checks and schemes read as a field."""

    code: str
    kind: TotalKind
    table: str
    title: str
    condition: Expression | None = None
    column: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    code: str
    title: str
    key: str
    max_rows: int
    columns: tuple[Column, ...]
    row_checks: tuple[Check, ...] = ()
    totals: tuple[Total, ...] = ()
    help: str = ""

    @property
    def key_is_given(self) -> bool:
        """Whether the portal numbers the rows (teams have no credit code)."""
        return self.key == GIVEN_KEY

    def column(self, code: str) -> Column:
        return next(column for column in self.columns if column.code == code)

    @property
    def naming(self) -> str:
        """The column that names a row for people."""
        codes = [column.code for column in self.columns]
        return "name" if "name" in codes else next((c for c in codes if c != self.key), self.key)


GIVEN_KEY = "team_no"


@dataclass(frozen=True, slots=True)
class FormCase:
    """A case of a form's own tests: what differs from the sound return, and what is then found.

    `values` and `last` by code, an empty text takes one away; `rows` by table, each laid over the row in its
    place; `without` are tables that are empty. `expect` names every finding: `K1`, or `variance@mentors`.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    last: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormTests:
    """A form's own tests: a return in which nothing is wrong, and cases that differ from it."""

    year: int
    sound: FormCase
    cases: tuple[FormCase, ...]
    registry: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a form. `source` is the file's tree, `digest` its canonical SHA-256."""

    code: str
    version: int
    title: str
    kinds: tuple[str, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    checks: tuple[Check, ...]
    variance: Variance | None
    order: tuple[str, ...]  # computed fields, each after those it reads
    digest: str
    help: str = ""
    tests: FormTests | None = None
    by_code: dict[str, Field] = field(default_factory=dict, compare=False, repr=False)

    @property
    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields

    @property
    def totals(self) -> Iterator[Total]:
        for table in self.tables:
            yield from table.totals

    def field(self, code: str) -> Field:
        """The field of this code; KeyError when there is none."""
        return self.by_code[code]

    def section(self, code: str) -> Section:
        return next(section for section in self.sections if section.code == code)

    def table(self, code: str) -> Table:
        """The table of this code; KeyError when there is none."""
        for table in self.tables:
            if table.code == code:
                return table
        raise KeyError(code)

    def title_of(self, code: str) -> str:
        """A field's or total's name for people."""
        if code in self.by_code:
            return self.by_code[code].title
        return next((total.title for total in self.totals if total.code == code), code)


def meets_missing(node: Node, row: Row) -> bool:
    """Whether an expression meets a missing value; `coalesce` does when it finds none that is there."""
    if node.form == "name":
        return row.value(node.word) is None
    inside = [meets_missing(part, row) for part in node.parts]
    if node.form == "call" and node.word == "coalesce":
        return all(inside)
    return any(inside)


def names_in_order(expression: Expression) -> list[str]:
    """The names an expression reads, as they come in its text."""
    found = []
    for name in expression.names:
        match = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", expression.source)
        found.append((match.start() if match else len(expression.source), name))
    return [name for _, name in sorted(found)]
