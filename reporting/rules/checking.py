"""All checks on a return, pure: the same for page, API, workbook and submit.

A check that meets a missing value is skipped; `required` is what reports a missing value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.columns import Column
from core.expressions import Expression, Value
from core.expressions.words import in_words
from core.problems import Problem, Severity
from core.text import T, Text
from reporting.rules.comparing import NO_PEERS, Peers, questions
from reporting.rules.form import (
    Check,
    Field,
    Form,
    Table,
    Total,
    TotalKind,
    meets_missing,
    names_in_order,
)
from reporting.rules.places import Places
from reporting.rules.values import Cells, exact, parsed, read, typed


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its key (`~N` while it has none), exact texts, and where it stands, from 1."""

    key: str
    values: Mapping[str, str]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, the key under which it is explained, and the row it is about (empty: the return). `likely`
    is the exact text of the value that was probably meant."""

    problem: Problem
    key: str
    table: str = ""
    row: str = ""
    number: int = 0
    likely: str = ""


@dataclass(slots=True)
class Checked:
    """Everything found, and every value of the return: entered, computed, totals, last year's `prev.x`."""

    findings: list[Finding] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> list[Problem]:
        return [finding.problem for finding in self.findings]

    def computed_text(self, code: str) -> str:
        """The exact text of a computed value or total; empty when it is missing."""
        return _text(self.values.get(code))


Rows = Mapping[str, Sequence[TableRow]]
NO_TEXTS: Mapping[str, str] = {}


def check_return(
    form: Form,
    values: Mapping[str, str],
    rows: Rows,
    last_values: Mapping[str, str],
    year: int,
    *,
    registry: Mapping[str, str] = NO_TEXTS,
    places: Places | None = None,
) -> list[Problem]:
    """Every problem of these exact texts. `last_values` are last year's, by code; `registry` what the
    register says of the carrier (`kind`, `class`, `level`, `field`, `region`)."""
    return check(form, values, rows, last_values, year, registry=registry, places=places).problems


def check(
    form: Form,
    values: Mapping[str, str],
    rows: Rows,
    last_values: Mapping[str, str],
    year: int,
    *,
    registry: Mapping[str, str] = NO_TEXTS,
    places: Places | None = None,
    peers: Peers = NO_PEERS,
) -> Checked:
    """The same with all values and, for each problem, the key of its explanation. `peers` are the measures of
    carriers of the same kind and size."""
    run = _Run(form, year, places or Places(form))
    run.read_fields(values)
    tables = {table.code: run.read_table(table, rows.get(table.code, ())) for table in form.tables}
    run.compute(tables, last_values, registry)
    for table in form.tables:
        run.check_rows(table, tables[table.code])
    run.check_parts()
    for one in form.checks:
        run.check_whole(one)
    run.check_figures(peers)
    return run.answer


@dataclass(slots=True)
class _Row:
    row: TableRow
    cells: Cells


@dataclass(slots=True)
class _Run:
    form: Form
    year: int
    places: Places
    answer: Checked = field(default_factory=Checked)
    cells: Cells = field(default_factory=lambda: Cells({}, {}))

    def add(self, problem: Problem, key: str) -> None:
        self.answer.findings.append(Finding(problem, key))

    # Reading.

    def read_fields(self, texts: Mapping[str, str]) -> None:
        entered = [one.column for one in self.form.fields if one.computed is None]
        values, problems = parsed(entered, texts)
        self.answer.values.update(values)
        self.answer.texts.update({c.code: texts[c.code] for c in entered if texts.get(c.code)})
        for column, problem in problems:
            place = self.places.of_field(column.code)
            self.add(replace(problem, place=place), f"{problem.code}:{column.code}")

    def read_table(self, table: Table, rows: Sequence[TableRow]) -> list[_Row]:
        if len(rows) > table.max_rows:
            message = T("“{table}”最多 {n} 行。", table=table.title, n=table.max_rows)
            place, found = self.places.table(table.code), str(len(rows))
            self.add(Problem("table.rows", message, place=place, found=found), f"table.rows:{table.code}")
        seen: dict[str, TableRow] = {}
        answer = []
        for row in rows:
            values, problems = parsed(table.columns, row.values)
            for column, problem in problems:
                self.at_cell(problem, table, row, column)
            self.check_key(table, row, seen)
            answer.append(_Row(row, Cells(values, row.values, self.cells)))
        return answer

    def check_key(self, table: Table, row: TableRow, seen: dict[str, TableRow]) -> None:
        key = row.values.get(table.key, "")
        column = table.column(table.key)
        if not key:
            if not table.key_is_given and not column.required:
                message = T("“{title}”是每行的标识，必须填写。", title=column.title)
                self.at_cell(Problem("row.key", message), table, row, column)
        elif key in seen:
            message = T("“{title}”在表中出现了两次。", title=column.title)
            first = self.places.cell(table.code, seen[key].number, column.code)
            allowed = T("每行一个（已在 {place}）", place=first)
            self.at_cell(
                Problem("row.twice", message, found=key, allowed=allowed, fix=T("请合并或删去重复的行。")),
                table,
                row,
                column,
            )
        else:
            seen[key] = row

    def at_cell(self, problem: Problem, table: Table, row: TableRow, column: Column) -> None:
        problem = replace(
            problem,
            place=self.places.cell(table.code, row.number, column.code),
            field=column.code,
            title=column.title,
        )
        key = f"{problem.code}:{table.code}:{row.key}:{column.code}"
        self.answer.findings.append(Finding(problem, key, table.code, row.key, row.number))

    # Computing.

    def compute(
        self, tables: Mapping[str, list[_Row]], last: Mapping[str, str], registry: Mapping[str, str]
    ) -> None:
        """Totals, last year's values, then computed fields, each after those it reads."""
        values, texts = self.answer.values, self.answer.texts
        for name, text in registry.items():
            values.setdefault(name, text or None)
            texts.setdefault(name, text)
        self.cells = Cells(values, texts)
        for total in self.form.totals:
            values[total.code] = total_of(total, [row.cells for row in tables[total.table]], self.year)
        for code, text in last.items():
            self.read_last(code, text)
        for code in self.form.order:
            one = self.form.field(code)
            if one.computed is not None:
                values[code] = one.computed.evaluate(self.cells, year=self.year)
                texts[code] = _text(values[code])
                self.check_computed(one, values[code])
        for rows in tables.values():
            for row in rows:
                row.cells = replace(row.cells, outer=self.cells)

    def read_last(self, code: str, text: str) -> None:
        """Last year's value as this year's type; what does not fit any more is missing."""
        known = self.form.by_code.get(code)
        if known is not None and known.computed is None:
            found = read(text, replace(known.column, required=False, min=None, max=None))
            value = None if found is None or isinstance(found, Problem) else typed(found)
        else:
            value = _number(text)
        self.answer.values[f"prev.{code}"] = value
        self.answer.texts[f"prev.{code}"] = text

    def check_computed(self, one: Field, value: Value) -> None:
        low, high = one.column.min, one.column.max
        if not isinstance(value, Decimal):
            return
        if (isinstance(low, Decimal) and value < low) or (isinstance(high, Decimal) and value > high):
            message = T("自动计算的结果超出允许的范围。")
            bounds = f"{'' if low is None else low} … {'' if high is None else high}"
            self.at_field("computed.range", message, one.code, Severity.ERROR, _text(value), bounds)

    # Checks.

    def at_field(
        self,
        code: str,
        message: Text | str,
        field_code: str,
        severity: Severity,
        found: str,
        allowed: Text | str = "",
        fix: Text | str = "",
        likely: str = "",
    ) -> None:
        problem = Problem(
            code,
            message,
            place=self.places.of_field(field_code),
            field=field_code,
            title=self.form.title_of(field_code),
            found=found,
            allowed=allowed,
            fix=fix,
            severity=severity,
        )
        self.answer.findings.append(Finding(problem, f"{code}:{field_code}", likely=likely))

    def fails(self, expression: Expression, cells: Cells) -> bool:
        """Whether the check does not hold; a check that reads a missing value is skipped."""
        if meets_missing(expression.root, cells):
            return False
        if expression.evaluate(cells, year=self.year) is None:
            return False
        return not expression.holds(cells, year=self.year)

    def check_rows(self, table: Table, rows: Sequence[_Row]) -> None:
        titles = {column.code: column.title for column in table.columns}
        for one in table.row_checks:
            shown = one.fields or tuple(n for n in names_in_order(one.check) if n in titles)
            column = table.column(shown[0]) if shown else table.column(table.key)
            allowed = one.allowed or in_words(one.check.source, titles)
            for row in rows:
                if self.fails(one.check, row.cells):
                    found = row.row.values.get(column.code, "")
                    self.at_cell(_said(one, found, allowed), table, row.row, column)

    def check_parts(self) -> None:
        """其中 is never above its whole."""
        for one in self.form.fields:
            if not one.of:
                continue
            part, whole = self.cells.value(one.code), self.cells.value(one.of)
            if isinstance(part, Decimal) and isinstance(whole, Decimal) and part > whole:
                title = self.form.title_of(one.of)
                self.at_field(
                    "of",
                    T("“{part}”是“{whole}”的其中项，不能大于它。", part=one.title, whole=title),
                    one.code,
                    Severity.ERROR,
                    _text(part),
                    T("不大于 {n}", n=_text(whole)),
                    T("请核对这两项。"),
                )

    def check_whole(self, one: Check) -> None:
        if not self.fails(one.check, self.cells):
            return
        names = [name for name in names_in_order(one.check) if not name.startswith("prev.")]
        shown = one.fields or tuple(name for name in names if name in self.form.by_code) or tuple(names[:1])
        found = "；".join(
            f"{self.form.title_of(name)} {self.cells.written(name) or _text(self.cells.value(name))}"
            for name in dict.fromkeys((*shown, *names))
        )
        first = shown[0] if shown else ""
        titles = {
            name.removeprefix("prev."): self.form.title_of(name.removeprefix("prev."))
            for name in one.check.names
        }
        allowed = one.allowed or in_words(one.check.source, titles)
        self.at_field(one.code, one.message, first, one.severity, found, allowed, one.fix)

    def check_figures(self, peers: Peers) -> None:
        """Against last year and against peers: `comparing` says what is asked."""
        before = {one.code: self.answer.values.get(f"prev.{one.code}") for one in self.form.fields}
        for one in questions(self.form, self.answer.values, before, peers):
            likely = "" if one.likely is None else exact(one.likely)
            self.at_field(
                one.code,
                one.message,
                one.field.code,
                one.severity,
                one.found,
                one.allowed,
                one.fix,
                likely=likely,
            )


def _said(one: Check, found: str, allowed: str) -> Problem:
    return Problem(one.code, one.message, found=found, allowed=allowed, fix=one.fix, severity=one.severity)


def _text(value: Value) -> str:
    return "" if value is None else exact(value)


def _number(text: str) -> Value:
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def total_of(total: Total, rows: Sequence[Cells], year: int) -> Value:
    """A table's total. Missing cells are not counted; a sum of rows that all miss the value is missing."""
    if total.kind is TotalKind.COUNT:
        condition = total.condition
        return Decimal(sum(1 for row in rows if condition is None or condition.holds(row, year=year)))
    found = [value for row in rows if (value := row.values.get(total.column)) is not None]
    if total.kind is TotalKind.DISTINCT:
        return Decimal(len(set(found)))
    if rows and not found:
        return None
    return sum((value for value in found if isinstance(value, Decimal)), Decimal(0))


def open_questions(
    findings: Sequence[Finding], explanations: Mapping[str, Mapping[str, str]]
) -> list[Finding]:
    """Questions without a reason, or whose value is no longer the one that was explained."""
    return [
        finding
        for finding in findings
        if finding.problem.severity is Severity.EXPLAIN
        and explanations.get(finding.key, {}).get("found") != finding.problem.found
    ]


def live_explanations(
    findings: Sequence[Finding], explanations: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Those whose question still stands with the value that was explained."""
    found = {f.key: f.problem.found for f in findings if f.problem.severity is Severity.EXPLAIN}
    return {
        key: dict(reason)
        for key, reason in explanations.items()
        if key in found and found[key] == reason.get("found")
    }
