"""CSV from outside: one table of carriers, every cell typed by its column, every fault with its place.

UTF-8 (a BOM is allowed), first column `carrier`, each carrier and each column once, no ragged rows.
Cells are trimmed; an empty one is missing. A column has the type that all its non-empty cells have,
else text: numbers in plain digits, days as 2025-12-31, `true` `false` `是` `否`. Lines without anything
are passed over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.expressions import Kind, Value, read_date
from core.problems import Problem, Refused
from core.shapes import PLAIN_NUMBER
from core.text import T

MAX_BYTES = 50_000_000
_BOOLS = {"true": True, "是": True, "false": False, "否": False}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a CSV file and its number in the file; cells trimmed."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file before its cells are typed; lines as long as the first."""

    name: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    def place(self, line: int, column: str = "") -> str:
        """Where a person looks: the file's name, the line, the column."""
        return place_of(self.name, line, column)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One carrier's line; reads like the row of an expression."""

    carrier: str
    line: int
    values: dict[str, Value]
    cells: dict[str, str | None]

    def value(self, name: str) -> Value:
        """The typed value; `None` is missing, also where there is no such column."""
        return self.values.get(name)

    def written(self, name: str) -> str | None:
        """The cell as written, trimmed; `None` is missing."""
        return self.cells.get(name)


@dataclass(frozen=True, slots=True)
class Table:
    """A typed table of carriers, in the file's order. `kinds` None is a column without any value."""

    name: str
    kinds: dict[str, Kind | None]
    rows: tuple[TableRow, ...]


def place_of(name: str, line: int, column: str = "") -> str:
    """`results.csv 第 3 行 rank 列`."""
    parts = [name] if name else []
    parts.append(f"第 {line} 行")
    if column:
        parts.append(f"{column} 列")
    return " ".join(parts)


def read_table(data: bytes, *, name: str = "") -> Table:
    """The typed table of carriers. `name` is the file's name for people. Raises `Refused`, all faults."""
    sheet, problems = _sheet(data, name)
    if sheet is None:
        raise Refused(problems)
    if sheet.columns[0] != "carrier":
        message = T("第一列须是 carrier")
        problems.append(Problem("csv.carrier", message, sheet.place(1), found=sheet.columns[0]))
    problems.extend(_carrier_faults(sheet))
    if problems:
        raise Refused(problems)
    return _typed(sheet)


def readable_part(data: bytes, *, name: str = "") -> Sheet | None:
    """What can be read of a file whatever else is wrong with it: for one who wants to tell all faults."""
    return _sheet(data, name)[0]


def read_sheet(data: bytes, *, name: str = "", columns: tuple[str, ...]) -> Sheet:
    """A file of exactly these columns, in this order, its cells untyped. Raises `Refused`, all faults."""
    sheet, problems = _sheet(data, name)
    if sheet is not None and sheet.columns != columns:
        message = T("首行须是：{columns}", columns=",".join(columns))
        problems.insert(0, Problem("csv.columns", message, sheet.place(1), found=",".join(sheet.columns)))
    if sheet is None or problems:
        raise Refused(problems)
    return sheet


def _sheet(data: bytes, name: str) -> tuple[Sheet | None, list[Problem]]:
    """The lines that fit the header, and the faults of the others; no sheet if there is no header."""
    if len(data) > MAX_BYTES:
        return None, [Problem("csv.size", T("文件太大：最多 {limit} 字节", limit=MAX_BYTES), name)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = place_of(name, data.count(b"\n", 0, error.start) + 1)
        return None, [Problem("csv.encoding", T("文件须是 UTF-8 编码"), place)]
    problems: list[Problem] = []
    lines = list(_lines(text, name, problems))
    if not lines:
        return None, problems or [Problem("csv.empty", T("文件是空的"), name)]
    header = lines[0]
    problems.extend(_header_faults(header, name))
    kept: list[Line] = []
    for line in lines[1:]:
        if len(line.cells) == len(header.cells):
            kept.append(line)
            continue
        message = T("应有 {wanted} 格，实有 {found} 格", wanted=len(header.cells), found=len(line.cells))
        problems.append(Problem("csv.ragged", message, place_of(name, line.number)))
    return Sheet(name, header.cells, tuple(kept)), problems


def _lines(text: str, name: str, problems: list[Problem]) -> Iterator[Line]:
    """Every line with something in it; a quote that never ends stops the reading."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            message = T("引号或字符不合 CSV 的写法，后面的内容没有读")
            problems.append(Problem("csv.syntax", message, place_of(name, start)))
            return
        if cells is None:
            return
        if any("\0" in cell for cell in cells):
            problems.append(Problem("csv.character", T("有不能用的字符"), place_of(name, start)))
        if cells:
            yield Line(start, tuple(cell.strip() for cell in cells))


def _header_faults(header: Line, name: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, column in enumerate(header.cells, start=1):
        if not column:
            message = T("第 {position} 列没有列名", position=position)
            yield Problem("csv.column", message, place_of(name, header.number))
        elif column in seen:
            place = place_of(name, header.number, column)
            yield Problem("csv.column", T("列名重复"), place, found=column)
        seen.add(column)


def _carrier_faults(sheet: Sheet) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for line in sheet.lines:
        carrier = line.cells[0]
        place = sheet.place(line.number, sheet.columns[0])
        if not carrier:
            yield Problem("csv.carrier", T("没有填写载体"), place)
        elif carrier in first:
            message = T("载体重复：第 {line} 行已有", line=first[carrier])
            yield Problem("csv.carrier", message, place, found=carrier)
        else:
            first[carrier] = line.number


def _typed(sheet: Sheet) -> Table:
    kinds = {
        column: _kind_of([line.cells[index] for line in sheet.lines])
        for index, column in enumerate(sheet.columns)
    }
    rows = []
    for line in sheet.lines:
        cells = {column: cell or None for column, cell in zip(sheet.columns, line.cells, strict=True)}
        values = {column: _value(cell, kinds[column]) for column, cell in cells.items()}
        rows.append(TableRow(line.cells[0], line.number, values, cells))
    return Table(sheet.name, kinds, tuple(rows))


def _kind_of(cells: list[str]) -> Kind | None:
    kinds = {kind_of_cell(cell) for cell in cells if cell}
    if not kinds:
        return None
    return kinds.pop() if len(kinds) == 1 else Kind.TEXT


def kind_of_cell(cell: str) -> Kind:
    """The type of one trimmed cell that is not empty."""
    if PLAIN_NUMBER.fullmatch(cell):
        return Kind.NUMBER
    if cell in _BOOLS:
        return Kind.BOOL
    return Kind.TEXT if read_date(cell) is None else Kind.DATE


def _value(cell: str | None, kind: Kind | None) -> Value:
    if cell is None or kind is None:
        return None
    if kind is Kind.NUMBER:
        return Decimal(cell)
    if kind is Kind.BOOL:
        return _BOOLS[cell]
    return read_date(cell) if kind is Kind.DATE else cell
