"""A form filled in for a try: what a person typed, checked and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.columns import Column
from core.problems import Problem, grouped
from reporting.rules.checking import Checked, TableRow, check
from reporting.rules.form import Field, Form, Section, Table
from reporting.rules.values import kept
from reporting.web.lines import in_input, kind_of, options_of

LEAST_ROWS, MOST_ROWS = 2, 6  # of each table that a try offers


@dataclass(frozen=True, slots=True)
class Input:
    """One input: `name` in the form that is sent, and what stands in it."""

    name: str
    column: Column
    text: str
    wrong: bool = False

    @property
    def kind(self) -> str:
        return kind_of(self.column)

    @property
    def options(self) -> list[tuple[str, str]]:
        return options_of(self.column)


@dataclass(frozen=True, slots=True)
class TriedLine:
    """A field: this year's input, last year's where the two are compared, or the value that is computed."""

    field: Field
    now: Input
    last: Input | None
    computed: str


@dataclass(frozen=True, slots=True)
class TriedTable:
    """A table turned on its side: a line a column, an input a row."""

    table: Table
    numbers: range
    lines: list[tuple[Column, list[Input]]]


@dataclass(slots=True)
class Trial:
    """All inputs of a try, and what the checks say of them. `tried` is false while nothing was typed."""

    sections: list[tuple[Section, list[TriedLine]]]
    tables: list[TriedTable]
    problems: list[Problem]
    computed: list[TriedLine]
    tried: bool


def sample(form: Form) -> dict[str, str]:
    """The sound return of the form's own tests, as a try would send it; empty where the form has none."""
    if form.tests is None:
        return {}
    sound = form.tests.sound
    sent = {f"value-{code}": text for code, text in sound.values.items()}
    sent |= {f"last-{code}": text for code, text in sound.last.items()}
    for table in form.tables:
        for number, row in zip(_numbers(form, table), sound.rows.get(table.code, ()), strict=False):
            sent |= {f"row-{table.code}-{number}-{code}": text for code, text in row.items()}
    return sent


def trial(form: Form, sent: Mapping[str, str], year: int, *, tried: bool) -> Trial:
    """What the checks say of these texts. Raises `Refused` for characters that no text has."""
    values = {one.code: kept(sent.get(f"value-{one.code}", ""), one.column) for one in form.fields}
    last = {one.code: kept(sent.get(f"last-{one.code}", ""), one.column) for one in form.fields}
    rows = {table.code: _rows(table, _numbers(form, table), sent) for table in form.tables}
    checked = check(form, _there(values), rows, _there(last), year)
    wrong = {problem.field for problem in checked.problems} if tried else set()
    sections = [
        (section, [_line(one, values, last, checked, wrong) for one in section.fields])
        for section in form.sections
    ]
    lines = [line for _, found in sections for line in found]
    return Trial(
        sections=sections,
        tables=[_table(table, _numbers(form, table), rows[table.code]) for table in form.tables],
        problems=grouped(checked.problems) if tried else [],
        computed=[line for line in lines if line.field.computed is not None],
        tried=tried,
    )


def _there(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}


def _numbers(form: Form, table: Table) -> range:
    """The rows that a try offers: as many as the sample of the form has."""
    known = len(form.tests.sound.rows.get(table.code, ())) if form.tests is not None else 0
    return range(1, min(max(known, LEAST_ROWS), MOST_ROWS) + 1)


def _rows(table: Table, numbers: range, sent: Mapping[str, str]) -> list[TableRow]:
    """The rows in which something stands."""
    answer = []
    for number in numbers:
        texts = {c.code: kept(sent.get(f"row-{table.code}-{number}-{c.code}", ""), c) for c in table.columns}
        values = _there(texts)
        if values:
            answer.append(TableRow(values.get(table.key, f"~{number}"), values, number))
    return answer


def _line(
    one: Field, values: Mapping[str, str], last: Mapping[str, str], checked: Checked, wrong: set[str]
) -> TriedLine:
    def stands(name: str, texts: Mapping[str, str], *, is_wrong: bool = False) -> Input:
        return Input(
            f"{name}-{one.code}", one.column, in_input(texts.get(one.code, ""), one.column), is_wrong
        )

    return TriedLine(
        field=one,
        now=stands("value", values, is_wrong=one.code in wrong),
        last=stands("last", last) if one.is_numeric and one.computed is None else None,
        computed=checked.computed_text(one.code) if one.computed is not None else "",
    )


def _table(table: Table, numbers: range, rows: list[TableRow]) -> TriedTable:
    texts = {row.number: row.values for row in rows}

    def stands(column: Column, number: int) -> Input:
        text = in_input(texts.get(number, {}).get(column.code, ""), column)
        return Input(f"row-{table.code}-{number}-{column.code}", column, text)

    lines = [(column, [stands(column, at) for at in numbers]) for column in table.columns]
    return TriedTable(table, numbers, lines)
