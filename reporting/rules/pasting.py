"""A table pasted out of a spreadsheet: tab-separated text, its columns found by heading or by order. Pure.

Excel, WPS and LibreOffice put a cell in quotation marks when it holds a tab, a line break or such a mark.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from core.columns import match_headers
from core.problems import Problem, Refused, Severity
from core.text import T
from core.workbook.book import Cell, Kind, Row, Sheet
from reporting.rules.form import Table

SHEET = "粘贴的内容"
MOST_COLUMNS = 100
MOST_CHARACTERS = 2_000_000
_LINES = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Matched:
    """Which column each pasted one is, empty when it is not read; `problems` of the heading."""

    columns: tuple[str, ...]
    has_heading: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Paste:
    """What a person decided about a pasted text. `whole`: rows that are not in it have left."""

    table: str
    columns: tuple[str, ...]
    has_heading: bool
    whole: bool

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "table": self.table,
            "columns": list(self.columns),
            "has_heading": self.has_heading,
            "whole": self.whole,
        }


def paste_of(kept: Mapping[str, Any]) -> Paste:
    """The reverse of `Paste.kept`."""
    return Paste(kept["table"], tuple(kept["columns"]), kept["has_heading"], kept["whole"])


def rows_of(text: str) -> list[list[str]]:
    """The cells, row by row, blank rows at the end left out. Quotation marks never closed are text."""
    lines = _LINES.split(text)
    rows = [line.split("\t") for line in lines]
    if '"' in text and text.count('"') % 2 == 0:
        with suppress(csv.Error):
            rows = list(csv.reader((f"{line}\n" for line in lines), dialect="excel-tab"))
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def sheet_of(text: str) -> Sheet:
    """The same as a sheet, so that what reads workbooks reads it; row 1 is the first line pasted.

    Raises `Refused` when it is too long, too wide or empty."""
    if len(text) > MOST_CHARACTERS:
        message = T("粘贴的内容太多，请分几次粘贴，或用工作簿上传。")
        raise Refused(Problem("paste.size", message, field="text", found=f"{len(text):,}"))
    rows = rows_of(text)
    if not rows:
        raise Refused(Problem("paste.none", T("请先把表格粘贴到文本框里。"), field="text"))
    width = max(len(row) for row in rows)
    if width > MOST_COLUMNS:
        message = T("粘贴的内容超过 {n} 列。", n=MOST_COLUMNS)
        raise Refused(Problem("paste.columns", message, field="text", found=str(width)))
    return Sheet(SHEET, rows=[_row(number, cells) for number, cells in enumerate(rows, start=1)])


def _row(number: int, cells: Sequence[str]) -> Row:
    found = {
        at: Cell(SHEET, number, at, Kind.TEXT, text) for at, text in enumerate(cells, start=1) if text.strip()
    }
    return Row(SHEET, number, found)


def width_of(sheet: Sheet) -> int:
    """How many columns were pasted."""
    return max((max(row.cells, default=0) for row in sheet.rows), default=0)


def match(table: Table, sheet: Sheet) -> Matched:
    """By heading when the first row names at least half of its cells' columns, else by order.

    A heading with another unit than the form's is named, and its column is not read."""
    first, width = sheet.rows[0], width_of(sheet)
    headers = match_headers(table.columns, first, place=SHEET)
    if headers.found and len(headers.found) * 2 >= len(first.cells):
        problems = tuple(one for one in headers.problems if one.code in ("header.unit", "header.twice"))
        wrong = {one.field for one in problems if one.severity is Severity.ERROR}
        at = {number: code for code, number in headers.found.items() if code not in wrong}
        return Matched(tuple(at.get(number, "") for number in range(1, width + 1)), True, problems)
    codes = [column.code for column in table.columns]
    return Matched(tuple(codes[:width]) + ("",) * (width - len(codes)), False)


def check_paste(table: Table, paste: Paste) -> list[Problem]:
    """Whether rows can be told apart by these columns, each of them once."""
    problems = []
    chosen = [code for code in paste.columns if code]
    known = {column.code: column for column in table.columns}
    for code in dict.fromkeys(chosen):
        if code not in known:
            problems.append(Problem("paste.unknown", T("没有这一列。"), field=code, found=code))
        elif chosen.count(code) > 1:
            message = T("“{title}”对应了两列，不知以哪一列为准。", title=known[code].title)
            problems.append(Problem("header.twice", message, field=code, title=known[code].title))
    needed = table.naming if table.key_is_given else table.key
    if needed not in chosen:
        message = T("请指明哪一列是“{title}”：各行靠它识别。", title=known[needed].title)
        problems.append(Problem("paste.key", message, field=needed, title=known[needed].title))
    return problems
