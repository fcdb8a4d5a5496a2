"""Makes workbooks from columns: templates, sections, covers, and the hidden sheet of facts.

No macro and no formula ever leaves: text that begins like one is written as text.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.columns import NUMERIC, Column, ColumnType, Value
from core.workbook import text
from core.workbook.book import letters

META = "_meta"
LISTS = "_lists"
AUTHOR = "portal"
EXTRA_ROWS = 500
_LONGEST_LIST = 250

_HEAD_FILL = PatternFill("solid", fgColor="FFDCE6F1")
_NEED_FILL = PatternFill("solid", fgColor="FFFDE9D9")
_LOCK_FILL = PatternFill("solid", fgColor="FFEFEFEF")
_THIN = Side(style="thin", color="FFBFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAP = Alignment(vertical="center", wrap_text=True)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
YES, NO = "是", "否"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table stands: the hidden facts say the same. Rows from 1, columns by letter."""

    sheet: str
    header: int
    first: int
    columns: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        """As the hidden facts have it."""
        return {
            "sheet": self.sheet,
            "header": self.header,
            "first": self.first,
            "columns": dict(self.columns),
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section: a field, its value now and a year ago, `depth` for 其中 lines."""

    column: Column
    value: Value | None = None
    previous: Value | None = None
    depth: int = 0


def new_workbook() -> Workbook:
    """An empty workbook without a sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = AUTHOR
    return book


def to_bytes(book: Workbook) -> bytes:
    """The finished file; the first visible sheet is on top."""
    visible = [at for at, sheet in enumerate(book.worksheets) if sheet.sheet_state == "visible"]
    put_on_top(book, visible[0])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def put_on_top(book: Workbook, at: int) -> None:
    """Makes one sheet the open one, and it alone: two selected sheets are edited together."""
    book.active = at
    for number, sheet in enumerate(book.worksheets):
        sheet.sheet_view.tabSelected = number == at


def put(cell: SheetCell, value: object) -> None:
    """Writes a value: text as text whatever it begins with, decimals exactly, booleans as words."""
    if value is None:
        return
    if isinstance(value, bool):
        value = YES if value else NO
    if isinstance(value, str):
        plain = text.clean(value)
        # Set past the library's own guess, which would make `=…` a live formula.
        cell._value = text.escaped(plain)
        cell.data_type = "s"
        if text.looks_like_formula(plain):
            cell.quotePrefix = True
        return
    cell.value = value


def shown_value(value: Value | None, column: Column) -> object:
    """A value as its cell holds it: a choice by its name, a percentage of 35 as 35."""
    if isinstance(value, str) and column.choices:
        return column.choices.get(value, value)
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > 15:
        return format(value, "f")
    return value


def number_format(column: Column) -> str:
    """The format of a column's cells; codes and telephone numbers are text, so that no digit is lost."""
    if column.type is ColumnType.DATE:
        return "yyyy-mm-dd"
    if column.type is ColumnType.INTEGER:
        return "#,##0"
    if column.type in NUMERIC:
        if column.places is None and column.type is not ColumnType.MONEY:
            return "General"
        return f"#,##0.{'0' * column.most_places}" if column.most_places else "#,##0"
    return "@"


def add_table(
    book: Workbook,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Value | None]] = (),
    *,
    spare: int = EXTRA_ROWS,
) -> Layout:
    """A sheet for a table: one frozen header row, `spare` rows with drop-downs below the given ones.

    Rows map column codes to values. Locked columns are grey; the sheet itself is not protected, so
    that it stays sortable and filterable.
    """
    sheet = book.create_sheet(text.sheet_name(name))
    last = 1 + len(rows) + spare
    for at, column in enumerate(columns, start=1):
        _head(sheet.cell(1, at), column.header, column.required)
        _note(sheet.cell(1, at), column)
        whole = sheet.column_dimensions[letters(at)]
        whole.width = column.characters
        # On the whole column, so that the thousandth typed code is a text as well.
        whole.number_format = number_format(column)
        _validate(book, sheet, column, f"{letters(at)}2:{letters(at)}{max(last, 2)}")
        for number in range(2, last + 1 if column.locked else len(rows) + 2):
            cell = sheet.cell(number, at)
            cell.number_format = whole.number_format
            if column.locked:
                cell.fill = _LOCK_FILL
            if number - 2 < len(rows):
                put(cell, shown_value(rows[number - 2].get(column.code), column))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{letters(len(columns))}{max(last, 2)}"
    _print_setup(sheet, landscape=True)
    places = {column.code: letters(at) for at, column in enumerate(columns, start=1)}
    return Layout(sheet.title, 1, 2, places)


def add_section(book: Workbook, name: str, lines: Sequence[Line], heads: Sequence[str]) -> dict[str, str]:
    """A sheet of single values, one a line; answers code → place of the value (`场地!C4`).

    `heads` are the five headings: title, unit, value, last year's value, help. Only values that are
    not locked can be typed into.
    """
    sheet = book.create_sheet(text.sheet_name(name))
    for at, (head, width) in enumerate(zip(heads, (40, 10, 22, 22, 60), strict=True), start=1):
        _head(sheet.cell(1, at), head, False)
        sheet.column_dimensions[letters(at)].width = width
    places = {}
    for number, line in enumerate(lines, start=2):
        places[line.column.code] = f"{sheet.title}!C{number}"
        _section_line(book, sheet, number, line)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:E{max(len(lines) + 1, 2)}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.sort = False
    sheet.protection.autoFilter = False
    _print_setup(sheet, landscape=True)
    return places


def add_cover(book: Workbook, name: str, title: str, lines: Sequence[tuple[str, str]]) -> None:
    """A first page: a title, then lines of what and who, by when and how."""
    sheet = book.create_sheet(text.sheet_name(name))
    put(sheet["A1"], title)
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 80
    for number, (what, said) in enumerate(lines, start=3):
        put(sheet.cell(number, 1), what)
        put(sheet.cell(number, 2), said)
        sheet.cell(number, 1).font = Font(bold=True)
        sheet.cell(number, 1).alignment = _WRAP
        sheet.cell(number, 2).alignment = _WRAP
    _print_setup(sheet, landscape=False)


def add_meta(book: Workbook, facts: Mapping[str, object]) -> None:
    """The very hidden sheet: one JSON text in A1, which nothing but the reader looks at."""
    sheet = book.create_sheet(META)
    sheet.sheet_state = "veryHidden"
    content = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    if len(content) > text.MOST:
        raise ValueError("the facts do not fit into one cell")
    put(sheet["A1"], content)


def _section_line(book: Workbook, sheet: Worksheet, number: int, line: Line) -> None:
    column = line.column
    put(sheet.cell(number, 1), column.title)
    sheet.cell(number, 1).alignment = Alignment(vertical="center", wrap_text=True, indent=line.depth * 2)
    put(sheet.cell(number, 2), column.shown_unit)
    put(sheet.cell(number, 3), shown_value(line.value, column))
    put(sheet.cell(number, 4), shown_value(line.previous, column))
    put(sheet.cell(number, 5), column.help)
    sheet.cell(number, 5).alignment = _WRAP
    for at in range(1, 6):
        sheet.cell(number, at).border = _BORDER
    value = sheet.cell(number, 3)
    value.number_format = sheet.cell(number, 4).number_format = number_format(column)
    value.protection = Protection(locked=column.locked)
    if column.locked:
        value.fill = _LOCK_FILL
    elif column.required:
        value.fill = _NEED_FILL
    _validate(book, sheet, column, f"C{number}")


def _head(cell: Any, title: str, required: bool) -> None:
    put(cell, f"{title} *" if required else title)
    cell.font = Font(bold=True)
    cell.fill = _NEED_FILL if required else _HEAD_FILL
    cell.alignment, cell.border = _MIDDLE, _BORDER


def _note(cell: Any, column: Column) -> None:
    if column.help:
        note = Comment(text.clean(column.help), AUTHOR)
        note.width, note.height = 320, 120
        cell.comment = note


def _validate(book: Workbook, sheet: Worksheet, column: Column, where: str) -> None:
    """A drop-down for choices; for the rest a hint only, since the portal's own check explains more."""
    names = [YES, NO] if column.type is ColumnType.BOOL else list(column.choices.values())
    if not names or column.locked:
        return
    joined = ",".join(names)
    short = len(joined) <= _LONGEST_LIST and not any("," in n or '"' in n for n in names)
    formula = f'"{joined}"' if short else _long_list(book, names)
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
    rule.add(where)
    sheet.add_data_validation(rule)


def _long_list(book: Workbook, names: Sequence[str]) -> str:
    """Choices too long for a rule stand on a hidden sheet; answers the reference to them."""
    if LISTS not in book.sheetnames:
        book.create_sheet(LISTS).sheet_state = "veryHidden"
    sheet = book[LISTS]
    at = sheet.max_column + 1 if sheet["A1"].value is not None else 1
    for number, name in enumerate(names, start=1):
        put(sheet.cell(number, at), name)
    return f"{LISTS}!${letters(at)}$1:${letters(at)}${len(names)}"


def _print_setup(sheet: Worksheet, *, landscape: bool) -> None:
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "&P / &N"
