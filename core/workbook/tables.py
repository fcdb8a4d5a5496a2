"""Reads one table of a sheet: its heading, then typed values line by line, every fault with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from core.cells import problem, read_cell
from core.columns import Column, ColumnType, Value, match_headers
from core.problems import Problem, Refused, Severity
from core.text import T
from core.workbook.book import Row, folded, letters

_SEARCHED = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line that was read: `values` of its sound cells by column code (an empty cell has none), `wrong`
    the codes of its unsound ones, `columns` where each code stands (code → column number)."""

    sheet: str
    number: int
    values: Mapping[str, Value]
    columns: Mapping[str, int]
    wrong: frozenset[str] = frozenset()

    def place(self, code: str = "") -> str:
        """The cell of a column; of one that the file has not, the line's first cell."""
        return f"{self.sheet}!{letters(self.columns.get(code, 1))}{self.number}"


@dataclass(frozen=True, slots=True)
class Lines:
    """A whole table: its lines in their order, and every fault of its heading and its cells."""

    lines: Sequence[Line] = ()
    problems: Sequence[Problem] = ()


def header_row(rows: Sequence[Row], columns: Iterable[Column], expected: int = 1) -> Row | None:
    """The row of headings: where it is expected, or the one near the top that has most of them."""
    titles = {folded(column.title) for column in columns}

    def matches(row: Row) -> int:
        return sum(1 for cell in row if folded(cell.text).strip("*").partition("(")[0] in titles)

    near = [row for row in rows[:_SEARCHED] if matches(row)]
    if not near:
        return next((row for row in rows if row.number == expected), None)
    return max(near, key=lambda row: (matches(row), row.number == expected, -row.number))


def read_table(rows: Iterator[Row], columns: Sequence[Column], *, sheet: str) -> Lines:
    """All lines below the heading. `Refused` where the heading itself is wrong: nothing can be read then."""
    ahead = [row for row in islice(rows, _SEARCHED) if not row.blank]
    head = header_row(ahead, columns)
    headers = match_headers(columns, head or (), place=sheet)
    wrong = [one for one in headers.problems if one.severity is Severity.ERROR]
    if head is None or wrong or not headers.found:
        raise Refused(wrong or [_no_heading(columns, sheet)])
    problems = list(headers.problems)
    below = chain((row for row in ahead if row.number > head.number), (row for row in rows if not row.blank))
    lines = [_line(row, columns, headers.found, problems) for row in below]
    return Lines(lines, problems)


def _no_heading(columns: Sequence[Column], sheet: str) -> Problem:
    wanted = "、".join(column.title for column in columns[:6])
    return Problem(
        "header.none",
        T("工作表里找不到表头。"),
        place=sheet,
        allowed=T("一行表头：{titles} 等", titles=wanted),
        fix=T("请使用下载的模板，不要删除表头行。"),
    )


def _line(row: Row, columns: Sequence[Column], found: Mapping[str, int], problems: list[Problem]) -> Line:
    values: dict[str, Value] = {}
    wrong = set()
    for column in columns:
        at = found.get(column.code)
        if at is None or column.locked:
            continue
        answer = read_cell(row[at], column)
        if isinstance(answer, Problem):
            problems.append(answer)
            wrong.add(column.code)
        elif answer is not None:
            values[column.code] = answer
            if column.type is ColumnType.CREDIT_CODE and row[at].text.strip() != answer:
                problems.append(_written_otherwise(row, at, column, str(answer)))
    return Line(row.sheet, row.number, values, found, frozenset(wrong))


def _written_otherwise(row: Row, at: int, column: Column, right: str) -> Problem:
    """A code in full width, in lower case or with gaps is read for what it is, and that is said."""
    message = T("代码用了全角、小写或空格，按规范写法读取。")
    fix = T("不改也能导入；规范写法是 {code}。", code=right)
    found = problem(row[at], column, "cell.code_form", message, fix)
    return Problem(
        found.code, message, found.place, found.field, found.title, found.found, right, fix, Severity.NOTE
    )
