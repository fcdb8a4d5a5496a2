"""Tables that leave: small ones by the template's writer, large ones in constant memory, same cells."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from rustpy_xlsxwriter import FastExcel, Format

from core.columns import Column, Value
from core.workbook import text
from core.workbook.writer import (
    NO,
    YES,
    add_table,
    new_workbook,
    number_format,
    shown_value,
    to_bytes,
)

SMALL = 2000


def write_table(
    target: Path | IO[bytes],
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Value | None]],
    *,
    title: str = "Sheet1",
) -> None:
    """One sheet of all rows; each maps column codes to values. Memory does not grow with the rows.

    Up to 2,000 rows and above are written by two libraries; the cells read back the same.
    """
    headers = [column.header for column in columns]
    if len(set(headers)) != len(headers):
        raise ValueError("two columns with one header")
    ahead = iter(rows)
    first = list(itertools.islice(ahead, SMALL + 1))
    if len(first) > SMALL:
        _write_large(target, columns, itertools.chain(first, ahead), title)
        return
    book = new_workbook()
    add_table(book, title, columns, first, spare=0)
    if isinstance(target, Path):
        target.write_bytes(to_bytes(book))
    else:
        target.write(to_bytes(book))


def _write_large(
    target: Path | IO[bytes],
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Value | None]],
    title: str,
) -> None:
    book = FastExcel(target, output_format="xlsx").freeze(row=1)
    book.sheet(
        text.sheet_name(title),
        _records(columns, rows),
        column_formats=[_format(column) for column in columns],
        column_widths=[float(column.characters) for column in columns],
        header_format=Format().set_bold().set_background_color("#DCE6F1"),
        autofilter=True,
        page_setup={"paper_size": 9, "landscape": True, "fit_to_pages": (1, 0), "repeat_rows": 0},
    )
    book.save()


def _format(column: Column) -> Format:
    """The column's format; cells of text keep Excel from guessing when they are typed in again."""
    form = Format().set_num_format(number_format(column))
    return form.set_quote_prefix() if number_format(column) == "@" else form


def _records(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Value | None]]
) -> Iterator[dict[str, object]]:
    heads = [(f"{c.header} *" if c.required else c.header, c) for c in columns]
    for row in rows:
        yield {head: _plain(shown_value(row.get(c.code), c)) for head, c in heads}


def _plain(value: object) -> object:
    """As the other writer has it: booleans as words, text without what a workbook cannot hold."""
    if isinstance(value, bool):
        return YES if value else NO
    return text.clean(value) if isinstance(value, str) else value
