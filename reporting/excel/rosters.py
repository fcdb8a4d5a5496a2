"""A province's file: the tables of many carriers at once, a leading column `carrier` with the code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from core.columns import Column, ColumnType, match_headers
from core.problems import Problem, Severity
from core.text import T
from core.workbook.book import Cell, Row, folded
from core.workbook.gate import Limits
from core.workbook.reader import open_rows, sheet_names
from core.workbook.tables import header_row
from core.workbook.writer import add_cover, add_table, new_workbook, to_bytes
from reporting.excel.reading import read_row
from reporting.rules.form import Form, Table
from reporting.rules.reading import ReadTable

CARRIER = Column(
    code="carrier",
    title="carrier",
    type=ColumnType.TEXT,
    required=True,
    max_length=24,
    width=20,
)
_NAMES = frozenset({"carrier", "载体编号", "载体代码"})
_SEARCHED = 20


def make_rosters(forms: Sequence[Form]) -> bytes:
    """The template: a sheet a table; where two forms have a table of one title, with the columns of both."""
    book = new_workbook()
    how = _("每行第一列填载体编号，其余各列与各单位的名单相同。每个载体只写入其本年度的报表。")
    add_cover(book, _("填写说明"), _("区域汇总名单"), [(_("填写方法"), how)])
    leading = replace(CARRIER, help=_("载体编号，如 JS-320500-0001；一行一家企业或团队"))
    for title, columns in _sheets(forms).items():
        add_table(book, title, [leading, *columns])
    return to_bytes(book)


def _sheets(forms: Sequence[Form]) -> dict[str, list[Column]]:
    sheets: dict[str, list[Column]] = {}
    for form in forms:
        for table in form.tables:
            known = sheets.setdefault(table.title, [])
            titles = {column.title for column in known}
            known += [column for column in table.columns if column.title not in titles]
    return sheets


@dataclass(slots=True)
class RosterSheet:
    """The rows of one sheet for one form's table, by carrier; row numbers are the sheet's."""

    form: str
    table: str
    carriers: dict[str, ReadTable] = field(default_factory=dict)


@dataclass(slots=True)
class Rosters:
    """A whole file. `homes`: code of a carrier that no form expects → places where it stands."""

    sheets: list[RosterSheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0


def read_rosters(
    path: Path, forms: Sequence[Form], owners: dict[str, set[str]], *, limits: Limits | None = None
) -> Rosters:
    """Every sheet whose name is a table's. `owners`: form code → codes of the carriers that fill it.

    Raises `Refused` when the file as a whole is wrong.
    """
    answer = Rosters()
    limits = limits or Limits.raised()
    for name in sheet_names(path, limits=limits):
        tables = [
            (form, table) for form in forms for table in form.tables if folded(table.title) == folded(name)
        ]
        if tables:
            _read_sheet(open_rows(path, name, limits=limits), name, tables, owners, answer)
    if not answer.sheets and not answer.problems:
        titles = "、".join(dict.fromkeys(table.title for form in forms for table in form.tables))
        message = T("文件里没有一张工作表是本年度的名单。")
        answer.problems.append(Problem("roster.no_sheet", message, allowed=titles))
    return answer


def _read_sheet(
    rows: Iterator[Row],
    name: str,
    tables: Sequence[tuple[Form, Table]],
    owners: dict[str, set[str]],
    answer: Rosters,
) -> None:
    ahead = [row for row in islice(rows, _SEARCHED) if not row.blank]
    columns = [column for _form, table in tables for column in table.columns]
    head = header_row(ahead, columns, 1)
    at = _carrier_column(head)
    if head is None or at is None:
        message = T("工作表“{sheet}”的表头没有 carrier（载体编号）一列。", sheet=name)
        answer.problems.append(Problem("roster.no_carrier", message, place=name, allowed="carrier"))
        return
    homes: dict[str, tuple[RosterSheet, Table, dict[str, int]]] = {}
    for form, table in tables:
        found = _matched(head, at, form, table, name, answer)
        if found is not None:
            homes |= dict.fromkeys(owners.get(form.code, ()), found)
    for row in _after(head, ahead, rows):
        _take(row, at, homes, answer)


def _carrier_column(head: Row | None) -> int | None:
    return next((cell.column for cell in head or () if folded(cell.text).strip("*") in _NAMES), None)


def _matched(
    head: Row, at: int, form: Form, table: Table, name: str, answer: Rosters
) -> tuple[RosterSheet, Table, dict[str, int]] | None:
    """Where this form's columns stand; None, and why, when its rows cannot be read."""
    heads: list[Cell] = [cell for cell in head if cell.column != at]
    headers = match_headers(table.columns, heads, place=name)
    answer.problems += [problem for problem in headers.problems if problem not in answer.problems]
    if any(problem.severity is Severity.ERROR for problem in headers.problems):
        return None
    sheet = RosterSheet(form.code, table.code)
    answer.sheets.append(sheet)
    return sheet, table, dict(headers.found)


def _after(head: Row, ahead: Sequence[Row], rows: Iterator[Row]) -> Iterator[Row]:
    yield from (row for row in ahead if row.number > head.number)
    yield from (row for row in rows if not row.blank)


def _take(
    row: Row,
    at: int,
    homes: dict[str, tuple[RosterSheet, Table, dict[str, int]]],
    answer: Rosters,
) -> None:
    """One row into its carrier's table."""
    answer.rows += 1
    code = row[at].text.strip().upper()
    home = homes.get(code)
    if home is None:
        answer.problems.append(
            Problem(
                "roster.carrier",
                T("没有这家载体，或不在您的区域内，或本年度不填这张表。"),
                place=row[at].place,
                field="carrier",
                title="carrier",
                found=row[at].text.strip()[:40],
                fix=T("请核对载体编号。"),
            )
        )
        return
    sheet, table, columns = home
    read = sheet.carriers.setdefault(code, ReadTable(row.sheet, columns))
    read_row(row, table, read, answer.problems)
