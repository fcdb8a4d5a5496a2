"""Tables that leave: small ones by the template's writer, large ones in constant memory, same cells."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rustpy_xlsxwriter import FastExcel, Format

from core.columns import Column, ColumnType, Value
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
_AS_IT_IS = frozenset({ColumnType.TEXT, ColumnType.INTEGER, ColumnType.DATE})


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
    _add_sheet(book, text.sheet_name(title), columns, _records(columns, rows))
    book.save()


def _add_sheet(
    book: FastExcel, name: str, columns: Sequence[Column], records: Iterable[Mapping[str, object]]
) -> None:
    """The look of every list: a bold head that stays, its own width and format to each column."""
    book.sheet(
        name,
        records,
        column_formats=[_format(column) for column in columns],
        column_widths=[float(column.characters) for column in columns],
        header_format=Format().set_bold().set_background_color("#DCE6F1"),
        autofilter=True,
        page_setup={"paper_size": 9, "landscape": True, "fit_to_pages": (1, 0), "repeat_rows": 0},
    )


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


@dataclass(frozen=True, slots=True)
class Kept:
    """What a list that left says of itself: label and words, a line each."""

    title: str
    heads: tuple[str, str]
    lines: Sequence[tuple[str, str]]
    count: str  # the label of the last line, how many rows there are


def write_list(
    target: Path, columns: Sequence[Column], rows: Iterable[Sequence[Value | None]], *, title: str, kept: Kept
) -> int:
    """A sheet of rows, each its values in the order of the columns, and one that says what they are.

    How many rows. In constant memory; text is text whatever it begins with.
    """
    headers = [column.header for column in columns]
    if len(set(headers)) != len(headers):
        raise ValueError("two columns with one header")
    with _unswept():
        return _write_list(target, columns, iter(rows), title, kept)


def _write_list(
    target: Path, columns: Sequence[Column], ahead: Iterator[Sequence[Value | None]], title: str, kept: Kept
) -> int:
    first = next(ahead, None)
    if first is None:  # the quick writer takes the heads from the first row
        _write_none(target, columns, title, kept)
        return 0
    counted = _Counted(itertools.chain([first], ahead), columns)
    book = FastExcel(target, output_format="xlsx").freeze(row=1)
    _add_sheet(book, text.sheet_name(title), columns, counted)
    about = [Column(code=head, title=head, type=ColumnType.TEXT, width=w) for head, w in _about(kept)]
    _add_sheet(book, text.sheet_name(kept.title), about, _said(kept, counted))
    book.save()
    return counted.count


@contextmanager
def _unswept() -> Iterator[None]:
    """Rows are plain values that die by themselves: looking for circles in them takes a fifth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _about(kept: Kept) -> Iterator[tuple[str, int]]:
    return zip(kept.heads, (18, 80), strict=True)


class _Counted:
    """The rows as the quick writer takes them, counted as they go.

    Nearly every row stands as it is: one look at all its texts tells. The others are written value by value,
    as are all where numbers are kept exactly or codes stand for words.
    """

    def __init__(self, rows: Iterable[Sequence[Value | None]], columns: Sequence[Column]) -> None:
        self.count, self._rows, self._columns = 0, rows, columns

    def __iter__(self) -> Iterator[dict[str, object]]:
        heads = [column.header for column in self._columns]
        quick = all(column.type in _AS_IT_IS and not column.choices for column in self._columns)
        is_text = [column.type is ColumnType.TEXT for column in self._columns]
        for row in self._rows:
            self.count += 1
            texts = "".join(filter(None, itertools.compress(row, is_text))) if quick else ""  # type: ignore[arg-type]
            if quick and texts.isprintable() and len(texts) <= text.MOST:
                yield dict(zip(heads, row, strict=True))
            else:
                yield dict(zip(heads, map(_written, row, self._columns), strict=True))


def _written(value: Value | None, column: Column) -> object:
    return _plain(shown_value(value, column))


def _said(kept: Kept, counted: _Counted) -> Iterator[dict[str, object]]:
    """Read after the rows: then it is known how many there were."""
    for line in (*kept.lines, (kept.count, f"{counted.count:,}")):
        yield dict(zip(kept.heads, map(text.clean, line), strict=True))


def _write_none(target: Path, columns: Sequence[Column], title: str, kept: Kept) -> None:
    book = new_workbook()
    add_table(book, title, columns, (), spare=0)
    about = [Column(code=head, title=head, type=ColumnType.TEXT, width=w) for head, w in _about(kept)]
    lines = [dict(zip(kept.heads, line, strict=True)) for line in (*kept.lines, (kept.count, "0"))]
    add_table(book, kept.title, about, lines, spare=0)
    target.write_bytes(to_bytes(book))
