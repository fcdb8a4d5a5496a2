"""Reads a carrier's workbook: seal, sections, tables. Everything wrong is named with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings

from core.cells import read_cell
from core.columns import Column, match_headers
from core.problems import Problem, Refused, Severity
from core.text import T
from core.workbook.book import Book, Cell, Row, Sheet, folded, split
from core.workbook.gate import Limits
from core.workbook.reader import missing_sheet, read_book
from core.workbook.tables import header_row
from core.workbook.writer import META
from reporting.rules.checking import TableRow
from reporting.rules.form import Form, Table
from reporting.rules.reading import Reading, ReadTable
from reporting.rules.tokens import Meta, TableMeta, is_genuine, read_meta
from reporting.rules.values import exact

_TITLES, _VALUES = 1, 3


def open_workbook(
    content: bytes, *, limits: Limits | None = None, only: Sequence[str] | None = None
) -> tuple[Book, Meta]:
    """The workbook behind the gate, and its facts if the portal sealed them. Raises `Refused`.

    `only` names the sheets whose rows are wanted, all when it is left out."""
    book = read_book(content, limits=limits, only=only)
    sheet = book.sheet(META)
    fix = T("请登录后重新下载本单位、本年度的模板，把数据复制过去再上传。")
    if sheet is None:
        message = T("这不是本系统下载的填报模板（缺少隐藏的 _meta 工作表）。")
        raise Refused(Problem("workbook.no_meta", message, fix=fix))
    meta = read_meta(sheet.cell("A1").text)
    if meta is None:
        raise Refused(Problem("workbook.bad_meta", T("模板中隐藏的标识信息已损坏。"), place=META, fix=fix))
    if not is_genuine(meta, settings.SIGNING_KEYS):
        message = T("模板的防伪标识不符：标识的单位、年度或版本被改动过，或者不是本系统生成的文件。")
        raise Refused(Problem("workbook.forged", message, place=META, fix=fix))
    return book, meta


def read_return(book: Book, meta: Meta, form: Form) -> Reading:
    """Fields and tables of a workbook that was made for this form."""
    reading = Reading()
    _read_fields(book, meta, form, reading)
    for table in form.tables:
        known = meta.tables.get(table.code)
        name = known.sheet if known else table.title
        sheet = book.sheet(name)
        if sheet is None:
            reading.problems.append(missing_sheet(name, _visible(book)))
            reading.skipped[table.code] = 0
            continue
        read_table(sheet, table, reading, known)
    return reading


def _visible(book: Book) -> list[str]:
    return [sheet.name for sheet in book.sheets if sheet.state == "visible"]


# Sections.


def _read_fields(book: Book, meta: Meta, form: Form, reading: Reading) -> None:
    by_sheet: dict[str, list[tuple[str, str]]] = {}
    for one in form.fields:
        place = meta.fields.get(one.code, "")
        name, _, ref = place.rpartition("!")
        if place and one.computed is None:
            by_sheet.setdefault(name, []).append((one.code, ref))
        elif place:
            reading.cells[one.code] = place
    for name, wanted in by_sheet.items():
        sheet = book.sheet(name)
        if sheet is None:
            reading.problems.append(missing_sheet(name, _visible(book)))
            reading.bad |= {code for code, _ in wanted}
            continue
        rows = {row.number: row for row in sheet.rows}
        for code, ref in wanted:
            _read_field(sheet, rows, ref, form.field(code).column, reading)


def _read_field(sheet: Sheet, rows: dict[int, Row], ref: str, column: Column, reading: Reading) -> None:
    """The value beside the field's title: where the facts say, or where the line was moved to."""
    number = _line_of(rows, ref, column)
    if number is None:
        problem = Problem(
            "field.line",
            T("找不到“{title}”一行。", title=column.title),
            place=f"{sheet.name}!{ref}",
            field=column.code,
            title=column.title,
            allowed=T("“项目”一列写着“{title}”", title=column.title),
            fix=T("请不要删除或改写模板中的行。"),
        )
        reading.problems.append(problem)
        reading.bad.add(column.code)
        return
    row = rows.get(number)
    cell = row[_VALUES] if row else Cell(sheet.name, number, _VALUES)
    reading.cells[column.code] = cell.place
    # What is missing is said by the checks on the whole return.
    answer = read_cell(cell, replace(column, required=False))
    if isinstance(answer, Problem):
        reading.problems.append(answer)
        reading.bad.add(column.code)
    else:
        reading.texts[column.code] = "" if answer is None else exact(answer)


def _line_of(rows: dict[int, Row], ref: str, column: Column) -> int | None:
    try:
        _, number = split(ref)
    except ValueError:
        number = 0
    title = folded(column.title)
    if number in rows and folded(rows[number][_TITLES].text) == title:
        return number
    found = [at for at, row in rows.items() if folded(row[_TITLES].text) == title]
    return found[0] if len(found) == 1 else None


# Tables.


def read_table(sheet: Sheet, table: Table, reading: Reading, known: TableMeta | None) -> None:
    """One table into the reading; a heading with an error keeps the whole table out."""
    rows = [row for row in sheet.rows if not row.blank]
    head = header_row(rows, table.columns, known.header if known else 1)
    headers = match_headers(table.columns, head or (), place=sheet.name)
    reading.problems += headers.problems
    data = [row for row in rows if head is None or row.number > head.number]
    if any(problem.severity is Severity.ERROR for problem in headers.problems) or not headers.found:
        reading.skipped[table.code] = len(data)
        return
    if sheet.hidden_rows:
        message = T(
            "工作表“{sheet}”有 {n} 行被隐藏，其中的数据照样读取。", sheet=sheet.name, n=sheet.hidden_rows
        )
        reading.problems.append(Problem("sheet.hidden", message, place=sheet.name, severity=Severity.NOTE))
    read = ReadTable(sheet.name, headers.found)
    for row in data:
        read_row(row, table, read, reading.problems)
    reading.tables[table.code] = read


def read_row(row: Row, table: Table, read: ReadTable, problems: list[Problem]) -> None:
    """One row's exact texts; an unsound cell makes it bad."""
    texts: dict[str, str] = {}
    for column in table.columns:
        at = read.columns.get(column.code)
        if at is None:
            continue
        answer = read_cell(row[at], column)
        if isinstance(answer, Problem):
            problems.append(answer)
            read.bad.add(row.number)
            if column.code == table.key:
                texts[column.code] = row[at].text.strip()[:60]
        elif answer is not None:
            texts[column.code] = exact(answer)
    read.rows.append(TableRow(texts.get(table.key, ""), texts, row.number))
