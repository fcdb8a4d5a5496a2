"""An uploaded workbook beside the draft: every problem, and what would change. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.problems import Problem, Severity, grouped
from core.text import T
from reporting.rules.checking import Finding, TableRow, check, open_questions
from reporting.rules.comparing import Peers
from reporting.rules.form import Form, Table
from reporting.rules.merge import Merged, applied, merge, with_keys
from reporting.rules.places import Places
from reporting.rules.reading import Reading, ReadTable

NO_TEXTS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Draft:
    """What is stored, and what it is checked against."""

    values: Mapping[str, str]
    rows: Mapping[str, Sequence[TableRow]]
    explanations: Mapping[str, Mapping[str, str]]
    last: Mapping[str, str]
    registry: Mapping[str, str]
    year: int
    peers: Peers = field(default_factory=dict)


@dataclass(slots=True)
class Assessed:
    """`fields`: (code, stored text, new text) of those that change; `problems` each with its own cell."""

    outcome: str
    fields: list[tuple[str, str, str]]
    tables: dict[str, Merged]
    problems: list[Problem] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def grouped(self) -> list[Problem]:
        return grouped(self.problems)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        found = {code: merged.counts for code, merged in self.tables.items()}
        for code, rows in self.skipped.items():
            found[code] = {**Merged().counts, "bad": rows}
        return found

    @property
    def changes_nothing(self) -> bool:
        return not self.fields and not any(m.new or m.changed for m in self.tables.values())


def assess(form: Form, draft: Draft, reading: Reading) -> Assessed:
    """Reads nothing and writes nothing: the same file against the same draft gives the same answer."""
    values, fields = _fields(form, draft, reading)
    places = reading.places(form)
    tables: dict[str, Merged] = {}
    problems = list(reading.problems)
    asked: list[Finding] = []
    result: dict[str, Sequence[TableRow]] = dict(draft.rows)
    for table in form.tables:
        read = reading.tables.get(table.code)
        if read is None:
            continue
        stored = draft.rows.get(table.code, ())
        tables[table.code], found = assess_table(form, table, read, draft, values, places)
        asked += found
        result[table.code] = applied(stored, tables[table.code], leaving=True)
    whole = check(
        form,
        values,
        result,
        draft.last,
        draft.year,
        registry=draft.registry,
        places=places,
        peers=draft.peers,
    )
    if reading.whole:
        asked += [f for f in whole.findings if not f.table and not _said_already(f, reading)]
    waiting = open_questions(asked, draft.explanations)
    problems += [f.problem for f in asked if f.problem.severity is not Severity.EXPLAIN or f in waiting]
    return Assessed(outcome_of(problems), fields, tables, problems, dict(reading.skipped))


def assess_table(
    form: Form,
    table: Table,
    read: ReadTable,
    draft: Draft,
    values: Mapping[str, str],
    places: Places,
) -> tuple[Merged, list[Finding]]:
    """One table of a file beside what is stored, and what the row rules say of it."""
    stored = draft.rows.get(table.code, ())
    rows = completed(table, read, stored)
    found = _row_findings(form, table, rows, read, draft, values, places)
    found = [*found, *_strange_numbers(table, rows, stored, draft.registry.get("carrier", ""), places)]
    bad = read.bad | {f.number for f in found if f.problem.severity is Severity.ERROR}
    merged = merge(table, stored, rows, bad)
    if not read.whole:
        merged.left = []
    return merged, found


def _strange_numbers(
    table: Table, rows: Sequence[TableRow], stored: Sequence[TableRow], carrier: str, places: Places
) -> list[Finding]:
    """Rows under a number that the portal never gave this carrier."""
    if not table.key_is_given:
        return []
    known, column = {row.key for row in stored}, table.column(table.key)
    answer = []
    for row in rows:
        if row.key in known or row.key.startswith(("+", f"{carrier}-T")):
            continue
        problem = Problem(
            "row.number",
            T("“{title}”由系统给出，没有这个编号。", title=column.title),
            place=places.cell(table.code, row.number, column.code),
            field=column.code,
            title=column.title,
            found=row.key,
            allowed=T("系统给出的编号；新团队留空"),
            fix=T("新团队请把编号留空。"),
        )
        key = f"row.number:{table.code}:{row.key}"
        answer.append(Finding(problem, key, table.code, row.key, row.number))
    return answer


def outcome_of(problems: Sequence[Problem]) -> str:
    """In the contract's words; a file that is wrong as a whole never comes here."""
    found = {problem.severity for problem in problems}
    if Severity.ERROR in found:
        return "partly"
    return "accepted_with_questions" if Severity.EXPLAIN in found else "accepted"


def _fields(form: Form, draft: Draft, reading: Reading) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The values as they would stand, and which of them change."""
    values = dict(draft.values)
    changes = []
    for one in form.fields:
        code = one.code
        if one.computed is not None or code not in reading.texts:
            continue
        old, new = values.get(code, ""), reading.texts[code]
        if old != new:
            changes.append((code, old, new))
            values[code] = new
    return {code: text for code, text in values.items() if text}, changes


def completed(table: Table, read: ReadTable, stored: Sequence[TableRow]) -> list[TableRow]:
    """The file's rows under their keys; a column that the file has not keeps what is stored."""
    rows = with_keys(table, read.rows, stored)
    absent = [column.code for column in table.columns if column.code not in read.columns]
    if not absent:
        return rows
    before = {row.key: row.values for row in stored}

    def whole(row: TableRow) -> TableRow:
        known = before.get(row.key, NO_TEXTS)
        return replace(
            row, values={**row.values, **{code: known[code] for code in absent if known.get(code)}}
        )

    return [whole(row) for row in rows]


def _row_findings(
    form: Form,
    table: Table,
    rows: Sequence[TableRow],
    read: ReadTable,
    draft: Draft,
    values: Mapping[str, str],
    places: Places,
) -> list[Finding]:
    """What the row rules say of the rows whose cells are sound."""
    sound = {table.code: [row for row in rows if row.number not in read.bad]}
    checked = check(form, values, sound, draft.last, draft.year, registry=draft.registry, places=places)
    return [f for f in checked.findings if f.table == table.code or f.key == f"table.rows:{table.code}"]


def _said_already(finding: Finding, reading: Reading) -> bool:
    """A cell that could not be read was named with what stands in it."""
    problem = finding.problem
    if finding.key.startswith("table.rows:"):
        return True
    return problem.code.startswith("cell.") and problem.field in reading.bad
