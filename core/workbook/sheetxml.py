"""One sheet, row by row, out of its XML: typed values with their place, nothing believed.

The file's own `<dimension>` is not looked at; rows and columns are counted here and must rise.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pyexpat import ExpatError, ParserCreate

from core.workbook import parts
from core.workbook.archive import Buffer, Damaged, inflate
from core.workbook.book import MAX_ROW, column_number, letters
from core.workbook.values import date_text, number_text

# row number, hidden, then column, kind, text for each value
RawRow = tuple[int, bool, list[int | str]]

_TAGS = ("c", "v", "t", "is", "row")
_MOST_MERGED = 1000
# A cell holds 32,767 characters, each of which may be written as an escape of seven.
_LONGEST = 7 * 32_767
# A number that already stands as a person would write it: at most 15 digits, no zeros to drop.
_plain = re.compile(r"0|-?(?:[1-9][0-9]*|0(?=\.))(?:\.[0-9]*[1-9])?").fullmatch


class Fault(Exception):
    """Why a sheet cannot be taken: a code that the parent turns into a sentence, and its values."""

    def __init__(self, code: str, ref: str, **values: str | int) -> None:
        super().__init__(code)
        self.code, self.ref, self.values = code, ref, values


@dataclass(slots=True)
class Counts:
    """What was seen in a sheet beside its values."""

    hidden_rows: int = 0
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Budget:
    """How many rows and columns a sheet, and cells the workbook may still have."""

    rows: int
    columns: int
    cells: int


class SheetReader:
    """Reads one sheet; `counts` is complete when `rows` is exhausted.

    Expat calls `_start`, `_text`, `_end` for each tag: this is the one hot place of the reader, so
    it builds no tree.
    """

    def __init__(self, strings: list[str], kinds: list[str], date1904: bool, budget: Budget) -> None:
        self.counts = Counts()
        self._strings, self._kinds, self._date1904 = strings, kinds, date1904
        self._budget, self._rows_left = budget, budget.rows
        self._ready: list[RawRow] = []
        self._names: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._c = self._v = self._t = self._is = self._row = ""
        self._number, self._name, self._digits = 0, "0", 1
        self._values: list[int | str] = []
        self._hidden = self._in_row = False
        self._depth = 0
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._stored = ""
        self._takes = self._inline = self._formula = self._guide = False

    def rows(self, data: Buffer, entries: parts.Package, part: str) -> Iterator[RawRow]:
        """The rows that hold a value, in rising order. `Fault` or `Damaged` stops the sheet."""
        entry = entries.get(part.lower())
        if entry is None:
            raise Damaged("no sheet part")
        parser = ParserCreate(namespace_separator="}", intern=self._names)
        parser.buffer_text = True
        parser.buffer_size = 1 << 17
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            for chunk in inflate(data, entry):
                parser.Parse(chunk, False)
                yield from self._ready
                self._ready.clear()
            parser.Parse(b"", True)
        except ExpatError as error:
            raise Damaged("no XML") from error
        yield from self._ready

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self._c:
            if self._cell is not None or not self._in_row:
                raise Damaged("cell out of place")
            self._cell = attributes
            self._stored = ""
            self._inline = self._formula = False
        elif tag == self._v or tag == self._t:
            self._begin_value(tag)
        elif tag == self._row:
            self._begin_row(attributes)
        elif not self._c:
            self._learn(tag)
        else:
            self._depth += 1
            if self._depth > parts.DEEPEST:
                raise Damaged("nested too deeply")
            if tag != self._is:
                self._other(tag.rpartition("}")[2], attributes)

    def _text(self, text: str) -> None:
        if self._takes:
            self._stored += text
            if len(self._stored) > _LONGEST:
                raise Damaged("text longer than any cell")

    def _end(self, tag: str) -> None:
        if tag == self._c:
            if self._cell is not None:
                self._end_cell(self._cell)
                self._cell = None
        elif tag == self._v or tag == self._t:
            self._takes = False
        elif tag == self._row:
            self._end_row()
        else:
            self._depth -= 1
            if tag.endswith("}rPh"):
                self._guide = False

    def _begin_value(self, tag: str) -> None:
        if self._takes or self._cell is None:
            raise Damaged("value out of place")
        if tag == self._v:
            self._takes = True
        elif not self._guide:
            self._takes = self._inline = True

    def _learn(self, tag: str) -> None:
        """The tags of this file's namespace, from the first element."""
        space = tag[: tag.rfind("}") + 1]
        # Expat hands out these very objects, so that comparing them looks at no letter.
        own = [self._names.setdefault(name, name) for name in (f"{space}{t}" for t in _TAGS)]
        self._c, self._v, self._t, self._is, self._row = own

    def _other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._guide = True
        elif tag == "mergeCell" and len(self.counts.merged) < _MOST_MERGED:
            self.counts.merged.append(attributes.get("ref", "")[:32])
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal() and len(first) < 6 and len(last) < 6:
                most = min(int(last), self._budget.columns)
                if len(self.counts.hidden_columns) <= self._budget.columns:
                    self.counts.hidden_columns.extend(range(int(first), most + 1))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        if self._in_row:
            raise Damaged("row in a row")
        self._in_row = True
        text = attributes.get("r")
        if text is None:
            number = self._number + 1
        elif text.isascii() and text.isdecimal() and len(text) < 8:
            number = int(text)
        else:
            raise Damaged("row number")
        if number > MAX_ROW or number < 1:
            raise Damaged("row number")
        if number <= self._number:
            raise Fault("sheet.order", f"A{number}", last=self._number)
        self._number, self._name, self._column = number, str(number), 0
        self._digits = len(self._name)
        self._values = []
        self._hidden = attributes.get("hidden") in ("1", "true")

    def _end_row(self) -> None:
        self._in_row = False
        if self._values:
            self._count(self._values, self._name)
            self.counts.hidden_rows += self._hidden
            self._ready.append((self._number, self._hidden, self._values))
            self._values = []

    def _end_cell(self, cell: dict[str, str]) -> None:
        ref = cell.get("r")
        column = self._column + 1 if ref is None else self._column_of(ref)
        if column <= self._column:
            raise Fault("sheet.twice", f"{letters(column)}{self._name}")
        self._column = column
        kind, text = self._value(cell)
        if kind:
            self._values += (column, kind, text)
            if column > self._budget.columns:
                most = self._budget.columns
                raise Fault("sheet.columns", f"{letters(column)}{self._name}", limit=most)

    def _column_of(self, ref: str) -> int:
        head = ref[: -self._digits]
        column = self._columns.get(head)
        if column is None:
            column = column_number(head) if head else 0
            if column:
                self._columns[head] = column
        if not column or ref[-self._digits :] != self._name:
            raise Fault("sheet.reference", f"A{self._name}", found=ref[:20])
        return column

    def _count(self, values: list[int | str], row: str) -> None:
        self._rows_left -= 1
        self._budget.cells -= len(values) // 3
        if self._rows_left < 0:
            raise Fault("sheet.rows", f"A{row}", limit=self._budget.rows)
        if self._budget.cells < 0:
            raise Fault("sheet.cells", f"A{row}")

    def _value(self, cell: dict[str, str]) -> tuple[str, str]:
        """Kind and exact text; an empty kind when there is no value."""
        stored = self._stored
        kind = cell.get("t")
        if self._inline:
            return ("s", parts.unescaped(stored)) if stored else ("", "")
        if not stored:
            return ("f", "") if self._formula and kind != "str" else ("", "")
        if kind is None or kind == "n":
            return self._numeric(stored, cell.get("s"))
        return self._typed(kind, stored)

    def _typed(self, kind: str, stored: str) -> tuple[str, str]:
        if kind == "s":
            if not (stored.isascii() and stored.isdigit()) or len(stored) > 9:
                raise Damaged("number of a text")
            at = int(stored)
            if at >= len(self._strings):
                raise Damaged("text that is not there")
            return ("s", self._strings[at]) if self._strings[at] else ("", "")
        if kind == "str":
            return "s", parts.unescaped(stored)
        if kind == "b":
            return ("b", "1" if stored in ("1", "true") else "0")
        if kind == "d":
            return _iso(stored)
        if kind == "e":
            return "e", stored[:40]
        raise Damaged("type of a cell")

    def _numeric(self, stored: str, style: str | None) -> tuple[str, str]:
        shows = "n"
        if style and style != "0":
            at = int(style) if style.isascii() and style.isdigit() and len(style) < 8 else -1
            if not 0 <= at < len(self._kinds):
                raise Damaged("format that is not there")
            shows = self._kinds[at]
        if shows == "d":
            return date_text(stored, self._date1904) or ("e", stored[:40])
        if shows == "n" and len(stored) <= 16 and _plain(stored):
            return shows, stored
        text = number_text(stored, shows == "p")
        return ("e", stored[:40]) if text is None else (shows, text)


def _iso(stored: str) -> tuple[str, str]:
    """A date written out, as strict files have it."""
    try:
        moment = dt.datetime.fromisoformat(stored.rstrip("Z")[:19])
    except ValueError:
        return "e", stored[:40]
    if moment.time() == dt.time():
        return "d", moment.date().isoformat()
    return "t", moment.isoformat(timespec="seconds")
