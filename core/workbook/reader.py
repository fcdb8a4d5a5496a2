"""Reads a workbook from outside: gate, limited child, typed cells with their place.

`read_book` keeps everything in memory and suits a carrier's workbook; `open_rows` streams one sheet
and suits a province's. Both raise `Refused` with sentences; nothing else ever comes out of a file.
"""

from __future__ import annotations

import json
import mmap
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, Any

from core.problems import Problem, Refused
from core.text import T, Text
from core.workbook import process
from core.workbook.archive import Buffer
from core.workbook.book import Book, Cell, Kind, Row, Sheet
from core.workbook.gate import Limits, damaged, examine

Source = bytes | Path
_KINDS = {kind.value: kind for kind in Kind}


def read_book(source: Source, *, limits: Limits | None = None, only: Sequence[str] | None = None) -> Book:
    """The whole workbook, or the sheets named in `only` (the others stay without rows)."""
    limits = limits or Limits()
    book = Book()
    with _opened(source, limits) as file, closing(_answers(file, only, limits)) as answers:
        current = Sheet("")
        for answer in answers:
            if "sheets" in answer:
                book.sheets = [Sheet(name, state) for name, state in answer["sheets"]]
            elif "sheet" in answer:
                current = book.sheets[answer["sheet"]]
            elif "rows" in answer:
                current.rows.extend(_rows(current.name, answer["rows"]))
            elif "end" in answer:
                current.hidden_rows, current.hidden_columns, current.merged = answer["end"]
    return book


def sheet_names(source: Source, *, limits: Limits | None = None) -> list[str]:
    """The sheets' names in their order, without reading one."""
    return read_book(source, limits=limits, only=()).names


def open_rows(source: Source, sheet: str, *, limits: Limits | None = None) -> Iterator[Row]:
    """The rows of one sheet as they are read, with flat memory. Missing sheet: `Refused`.

    The gate has looked at the whole file before the first row comes; a fault further down raises
    `Refused` in the middle, so a caller applies nothing before the end.
    """
    limits = limits or Limits()
    with _opened(source, limits) as file, closing(_answers(file, [sheet], limits)) as answers:
        names: list[str] = []
        name = ""
        for answer in answers:
            if "sheets" in answer:
                names = [name for name, _ in answer["sheets"]]
            elif "sheet" in answer:
                name = names[answer["sheet"]]
            elif "rows" in answer:
                yield from _rows(name, answer["rows"])
        if not name:
            raise Refused(missing_sheet(sheet, names))


def missing_sheet(sheet: str, names: Sequence[str]) -> Problem:
    """The sentence for a sheet that is not there."""
    return Problem(
        "sheet.missing",
        T("找不到工作表“{sheet}”。", sheet=sheet),
        place=sheet,
        found="、".join(names)[:200],
        allowed=T("工作表名“{sheet}”，大小写和空格不限", sheet=sheet),
        fix=T("请使用下载的模板，不要删除或改名工作表。"),
    )


@contextmanager
def _opened(source: Source, limits: Limits) -> Iterator[IO[bytes]]:
    """The file behind the gate, as a real file that a child can be given."""
    with ExitStack() as stack:
        file: IO[bytes]
        if isinstance(source, Path):
            file = stack.enter_context(source.open("rb"))
            with _looked_at(file) as data:
                problems = examine(data, limits)
        else:
            problems = examine(source, limits)
            if not problems:
                file = stack.enter_context(tempfile.TemporaryFile())
                file.write(source)
                file.flush()
        if problems:
            raise Refused(problems)
        file.seek(0)
        yield file


@contextmanager
def _looked_at(file: IO[bytes]) -> Iterator[Buffer]:
    if file.seek(0, 2) == 0:
        yield b""
        return
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def _answers(
    file: IO[bytes], only: Sequence[str] | None, limits: Limits
) -> Generator[dict[str, Any], None, None]:
    """The child's frames as long as they are answers; anything else is `Refused`."""
    options = {"only": None if only is None else list(only)}
    sheet, names, done, size = "", [], False, 0
    with closing(process.frames(file, "read", options, limits)) as frames:
        try:
            for frame in frames:
                size += len(frame)
                if size > limits.unpacked:
                    raise Refused(sentence("sheet.cells", sheet, {}))
                answer = json.loads(frame.decode("utf-8", "surrogatepass"))
                if "fault" in answer:
                    raise Refused(_fault(answer, sheet))
                if "sheets" in answer:
                    names = [name for name, _ in answer["sheets"]]
                elif "sheet" in answer:
                    sheet = names[answer["sheet"]]
                done = done or "done" in answer
                yield answer
        except (process.ChildDied, ValueError, MemoryError) as error:
            raise Refused(damaged()) from error
    if not done:
        raise Refused(damaged())


def _fault(answer: dict[str, Any], sheet: str) -> Problem:
    if answer["fault"] == "file.damaged":
        return damaged(place=sheet)
    return sentence(answer["fault"], f"{sheet}!{answer['ref']}", answer["values"])


def sentence(code: str, place: str, values: dict[str, Any]) -> Problem:
    """What the child's faults mean to a person."""
    messages: dict[str, Text] = {
        "sheet.order": T("行号没有从上到下递增，文件结构异常。"),
        "sheet.twice": T("同一个单元格出现了两次或次序颠倒，文件结构异常。"),
        "sheet.reference": T("单元格的地址与所在的行不一致，文件结构异常。"),
        "sheet.rows": T("有内容的行太多，最多 {limit} 行。", limit=values.get("limit", "")),
        "sheet.columns": T("内容所在的列太靠右，最多 {limit} 列。", limit=values.get("limit", "")),
        "sheet.cells": T("工作簿里的内容太多，超过一次能处理的上限。"),
    }
    too_much = code in ("sheet.rows", "sheet.columns", "sheet.cells")
    trim = T("请删去表格以外的内容，或分成几个文件上传。")
    again = T("请用 Excel 或 WPS 打开后另存为新的 *.xlsx 再上传。")
    return Problem(
        code,
        messages[code],
        place=place,
        found=str(values.get("found", "")),
        allowed=T("按模板填写的工作表"),
        fix=trim if too_much else again,
    )


def _rows(sheet: str, raw: list[list[Any]]) -> Iterator[Row]:
    make, kinds = Cell._make, _KINDS
    for number, hidden, values in raw:
        cells = {
            column: make((sheet, number, column, kinds[kind], text))
            for column, kind, text in zip(values[::3], values[1::3], values[2::3], strict=True)
        }
        yield Row(sheet, number, cells, hidden)
