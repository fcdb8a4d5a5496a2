"""The register's workbooks by one table of columns: template, filled, handed in, marked."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext

from core.columns import Column, Value
from core.problems import Problem, Refused
from core.workbook.book import Row, find_name
from core.workbook.exports import write_table
from core.workbook.marking import listed, mark
from core.workbook.reader import missing_sheet, open_rows, read_book
from core.workbook.tables import Line, Lines, read_table
from core.workbook.writer import add_cover, add_table, new_workbook, to_bytes
from registry.excel.carriers import CARRIERS
from registry.rules import carrier_sheet, past_sheet, stay_sheet
from registry.rules.bulk import SHEETS

COLUMNS: Mapping[str, Sequence[Column]] = {
    "carriers": carrier_sheet.COLUMNS,
    "stays": stay_sheet.COLUMNS,
}
NAMES: Mapping[str, str] = {"carriers": carrier_sheet.SHEET, "stays": stay_sheet.SHEET}
HOW: Mapping[str, Sequence[tuple[str, str]]] = {
    "carriers": carrier_sheet.HOW,
    "stays": stay_sheet.HOW,
    "past": past_sheet.HOW,
}
# What the screen's own list of the same lines is called when it leaves.
LISTED: Mapping[str, str] = {"carriers": str(CARRIERS.title)}
PAST = "past"
_TELL_EACH = 500
Tell = Callable[[int], None]


def template(sheet: str) -> bytes:
    """The empty workbook, with how it is filled in. In Chinese like the register itself: its headings are
    what the import looks for."""
    book = new_workbook()
    for name, columns in _tables(sheet).items():
        add_table(book, name, columns)
    add_cover(book, "填写说明", str(SHEETS[sheet]), HOW[sheet])
    return to_bytes(book)


def _tables(sheet: str) -> Mapping[str, Sequence[Column]]:
    """By the name of each table what it has."""
    return past_sheet.SHEETS_OF_PAST if sheet == PAST else {NAMES[sheet]: COLUMNS[sheet]}


def filled(sheet: str, rows: Iterable[Mapping[str, Value | None]]) -> bytes:
    """The workbook with what the register holds; handed in again it changes nothing."""
    target = io.BytesIO()
    write_table(target, COLUMNS[sheet], rows, title=NAMES[sheet])
    return target.getvalue()


def read(content: bytes, sheet: str, tell: Tell | None = None) -> Lines:
    """The lines of a workbook. Its sheet is known by its name or the screen's list's, or is the only one to
    be seen. `Refused` when the file as a whole cannot be read."""
    if sheet == PAST:
        return _past(content, tell)
    name = _sheet_of(content, NAMES[sheet], LISTED.get(sheet, ""))
    return read_table(_told(open_rows(content, name), tell), COLUMNS[sheet], sheet=name)


def _past(content: bytes, tell: Tell | None) -> Lines:
    """All tables of the past that the file has; at least one. A heading that is wrong refuses all of it."""
    names = read_book(content, only=()).names
    lines: list[Line] = []
    problems: list[Problem] = []
    known = {table: find_name(table, names) for table in past_sheet.SHEETS_OF_PAST}
    if all(at is None for at in known.values()):
        raise Refused(missing_sheet("、".join(past_sheet.SHEETS_OF_PAST), names))
    for table, at in known.items():
        if at is None:
            continue
        columns = past_sheet.SHEETS_OF_PAST[table]
        found = read_table(_told(open_rows(content, names[at]), tell), columns, sheet=table)
        lines += [replace(line, sheet=table) for line in found.lines]
        problems += found.problems
    return Lines(lines, problems)


def _sheet_of(content: bytes, wanted: str, listed: str) -> str:
    sheets = read_book(content, only=()).sheets
    names = [sheet.name for sheet in sheets]
    at = next((at for one in (wanted, listed) if one and (at := find_name(one, names)) is not None), None)
    seen = [sheet.name for sheet in sheets if sheet.state == "visible"]
    if at is not None:
        return names[at]
    if len(seen) != 1:
        raise Refused(missing_sheet(wanted, seen))
    return seen[0]


def _told(rows: Iterator[Row], tell: Tell | None) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if tell and number % _TELL_EACH == 0:
            tell(number)
        yield row


def marked(content: bytes, problems: Sequence[Problem]) -> bytes:
    """The person's own file with every fault in its cell; of one that cannot be rewritten the list alone."""
    try:
        return mark(content, problems, say=gettext)
    except Refused:
        return listed(problems, say=gettext)
