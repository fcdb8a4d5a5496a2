"""Marks a person's own workbook: bad cells filled, a comment in each, a sheet of all findings.

Runs in the limited child: the file was let through by the gate, but the library that rewrites it is
not to be trusted with it. Formulas leave as their stored values, so that a corrected file reads back.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from core.workbook import text
from core.workbook.book import find_name, split
from core.workbook.writer import AUTHOR, put, put_on_top

SIGN = "【填报检查】"
KEPT = "_marks"
_OLD = "\n――――――――\n"
_FILLS = {
    "error": PatternFill("solid", fgColor="FFFFC7CE"),
    "explain": PatternFill("solid", fgColor="FFFFEB9C"),
    "note": PatternFill("solid", fgColor="FFDDEBF7"),
}
_OURS = {fill.fgColor.rgb for fill in _FILLS.values()}
_WIDTHS = (8, 28, 20, 10, 40, 24, 32, 40)
_SHOWN = 1000

Finding = Mapping[str, str]


def marked(content: bytes, task: Mapping[str, Any]) -> bytes:
    """`task`: `sheet` (name of the list), `heads` (its headings), `labels` (words in a comment),
    `findings` (each with place, severity, title, level, message, found, allowed, fix)."""
    book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    _unmark(book, task["sheet"])
    findings: Sequence[Finding] = task["findings"]
    cells: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        target = _target(book, finding["place"])
        if target:
            cells.setdefault(target, []).append(finding)
    kept = {}
    for (sheet, ref), here in cells.items():
        cell = book[sheet][ref]
        if isinstance(cell, MergedCell):
            continue
        fill = cell.fill
        if fill is not None and fill.fill_type == "solid" and isinstance(fill.fgColor.rgb, str):
            kept[f"{sheet}!{ref}"] = fill.fgColor.rgb
        _mark(cell, here, task["labels"])
    _keep(book, kept)
    _list(book, task, findings)
    _plain_text(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _target(book: Workbook, place: str) -> tuple[str, str] | None:
    """Sheet and cell of a place, when the workbook has them."""
    name, _, ref = place.rpartition("!")
    at = find_name(name, book.sheetnames)
    if at is None or not isinstance(book[book.sheetnames[at]], Worksheet):
        return None
    try:
        split(ref)
    except ValueError:
        return None
    return book.sheetnames[at], ref


def _mark(cell: Cell, findings: Sequence[Finding], labels: Mapping[str, str]) -> None:
    levels = [finding["severity"] for finding in findings]
    worst = next(level for level in _FILLS if level in levels or level == "note")
    said = "\n\n".join(_said(finding, labels) for finding in findings)[:_SHOWN]
    before = cell.comment.text if cell.comment else ""
    note = Comment(text.clean(f"{SIGN}\n{said}{_OLD + before if before else ''}"), AUTHOR)
    note.width, note.height = 360, 180
    cell.comment = note
    cell.fill = _FILLS[worst]


def _said(finding: Finding, labels: Mapping[str, str]) -> str:
    lines = [finding["message"]]
    for key in ("rule", "found", "allowed", "fix"):
        if finding.get(key):
            lines.append(f"{labels[key]}{finding[key]}")
    return "\n".join(lines)


def _unmark(book: Workbook, sheet_name: str) -> None:
    """Takes away what an earlier marking left; a comment or a fill of the owner comes back.

    Our marks are known by the sign in the comment, so that they are found after rows were moved.
    """
    kept = _kept(book)
    for name in (KEPT, sheet_name):
        if name in book.sheetnames:
            del book[name]
    for sheet in book.worksheets:
        for cell in _written(sheet):
            if cell.comment and SIGN in cell.comment.text[:60]:
                _restore(cell, kept.get(f"{sheet.title}!{cell.coordinate}"))


def _restore(cell: Cell, colour: str | None) -> None:
    before = cell.comment.text.partition(_OLD)[2] if cell.comment else ""
    cell.comment = Comment(before, AUTHOR) if before else None
    if cell.fill.fgColor.rgb in _OURS:
        cell.fill = PatternFill("solid", fgColor=colour) if colour else PatternFill()


def _kept(book: Workbook) -> dict[str, str]:
    """The fills that stood under earlier marks; nothing when the owner has touched that sheet."""
    if KEPT not in book.sheetnames:
        return {}
    try:
        raw = json.loads("".join(str(row[0]) for row in book[KEPT].iter_rows(values_only=True)))
        return {str(place): str(colour) for place, colour in raw.items() if len(colour) == 8}
    except (ValueError, AttributeError, TypeError, IndexError):
        return {}


def _keep(book: Workbook, kept: Mapping[str, str]) -> None:
    if kept:
        sheet = book.create_sheet(KEPT)
        sheet.sheet_state = "veryHidden"
        content = json.dumps(kept)
        for number, at in enumerate(range(0, len(content), 30_000), start=1):
            put(sheet.cell(number, 1), content[at : at + 30_000])


def _list(book: Workbook, task: Mapping[str, Any], findings: Sequence[Finding]) -> None:
    """The first sheet: every finding, with a link to its cell."""
    sheet = book.create_sheet(task["sheet"], 0)
    for at, (head, width) in enumerate(zip(task["heads"], _WIDTHS, strict=True), start=1):
        put(sheet.cell(1, at), head)
        sheet.cell(1, at).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, at).column_letter].width = width
    keys = ("place", "title", "level", "message", "found", "allowed", "fix")
    for number, finding in enumerate(findings, start=2):
        sheet.cell(number, 1).value = number - 1
        for at, key in enumerate(keys, start=2):
            put(sheet.cell(number, at), finding[key])
            sheet.cell(number, at).alignment = Alignment(vertical="top", wrap_text=True)
        target = _target(book, finding["place"])
        if target:
            _link(sheet.cell(number, 2), *target)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:H{len(findings) + 1}"
    put_on_top(book, 0)


def _link(cell: Any, sheet: str, ref: str) -> None:
    quoted = sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{ref}")
    cell.font = Font(color="FF0563C1", underline="single")


def _plain_text(book: Workbook) -> None:
    """What the library would take for a formula leaves as text, in the owner's sheets too."""
    for sheet in book.worksheets:
        for cell in _written(sheet):
            if cell.data_type == "f":
                cell.data_type = "s"
                cell.quotePrefix = True


def _written(sheet: Worksheet) -> list[Cell]:
    """The cells that are there; the library's own walk makes one for each of a rectangle of millions."""
    return [cell for cell in sheet._cells.values() if isinstance(cell, Cell)]
