"""What the reader hands on: cells that know their type, their exact text and their place."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
# A workbook keeps 15 digits of a number; an integer with more has lost its last ones.
SAFE_DIGITS = 15

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_SPACES = re.compile(r"\s+")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Kind(StrEnum):
    """What a cell holds. `FORMULA` is one whose result was never stored, `ERROR` is `#REF!` and the like."""

    EMPTY = ""
    TEXT = "s"
    NUMBER = "n"
    PERCENT = "p"
    BOOL = "b"
    DATE = "d"
    DATETIME = "t"
    TIME = "h"
    ERROR = "e"
    FORMULA = "f"


class Cell(NamedTuple):
    """One cell. `text` is exact: numbers as plain decimals (`0.1`, a percent cell of 0.35 as `35`),
    dates as `2023-05-06`, with time as `2023-05-06T10:30:00`, booleans as `1` or `0`."""

    sheet: str
    row: int
    column: int
    kind: Kind = Kind.EMPTY
    text: str = ""

    @property
    def ref(self) -> str:
        """`D17`."""
        return f"{letters(self.column)}{self.row}"

    @property
    def place(self) -> str:
        """`在孵企业名单!D17`."""
        return f"{self.sheet}!{self.ref}"

    @property
    def number(self) -> Decimal | None:
        """The exact number of a number or percent cell (35 for 35 %), else None."""
        if self.kind in (Kind.NUMBER, Kind.PERCENT) and _PLAIN_NUMBER.fullmatch(self.text):
            return Decimal(self.text)
        return None

    @property
    def date(self) -> dt.date | None:
        """The day of a date cell, with or without a time of day, else None."""
        if self.kind in (Kind.DATE, Kind.DATETIME):
            return dt.date.fromisoformat(self.text[:10])
        return None

    @property
    def moment(self) -> dt.datetime | None:
        """Day and time of a cell that has both, without a zone, else None."""
        if self.kind is Kind.DATETIME:
            return dt.datetime.fromisoformat(self.text)
        return None

    @property
    def lost_digits(self) -> bool:
        """Whether this is a number so long that the workbook could not keep all its digits."""
        whole = self.text.lstrip("-").partition(".")[0]
        return self.kind is Kind.NUMBER and (len(whole) > SAFE_DIGITS or "E" in self.text)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its values by column number; `number` counts as the workbook does, from 1."""

    sheet: str
    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False

    def __getitem__(self, column: int) -> Cell:
        """The cell of this column; an empty one that knows its place where there is no value."""
        return self.cells.get(column) or Cell(self.sheet, self.number, column)

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells.values())

    @property
    def blank(self) -> bool:
        """Whether nothing but spaces stands in it."""
        return not any(c.text.strip() or c.kind is Kind.FORMULA for c in self.cells.values())


@dataclass(slots=True)
class Sheet:
    """One sheet in memory. `state` is `visible`, `hidden` or `veryHidden`."""

    name: str
    state: str = "visible"
    rows: list[Row] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: Sequence[int] = ()
    merged: Sequence[str] = ()

    def cell(self, ref: str) -> Cell:
        """The cell at `D17`; empty when nothing is there. ValueError when `ref` is no reference."""
        column, number = split(ref)
        for row in self.rows:
            if row.number == number:
                return row[column]
        return Cell(self.name, number, column)

    def cells(self, refs: Iterable[str]) -> dict[str, Cell]:
        """Several cells at once, by their reference, in one pass over the rows."""
        rows = {row.number: row for row in self.rows}
        answer = {}
        for ref in refs:
            column, number = split(ref)
            row = rows.get(number)
            answer[ref] = row[column] if row else Cell(self.name, number, column)
        return answer


@dataclass(slots=True)
class Book:
    """A workbook in memory: its sheets in their order."""

    sheets: list[Sheet] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The sheets' names in their order."""
        return [sheet.name for sheet in self.sheets]

    def sheet(self, name: str) -> Sheet | None:
        """By name; case, spaces and full width may differ. None when missing or ambiguous."""
        found = find_name(name, self.names)
        return None if found is None else self.sheets[found]


def find_name(name: str, names: Sequence[str]) -> int | None:
    """Which of `names` is meant: the equal one, else the only one that differs in form alone."""
    if name in names:
        return list(names).index(name)
    wanted = folded(name)
    same = [at for at, other in enumerate(names) if folded(other) == wanted]
    return same[0] if len(same) == 1 else None


def folded(name: str) -> str:
    """A name without what people change by accident: width, case, spaces."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", name)).casefold()


@lru_cache(maxsize=MAX_COLUMN)
def letters(column: int) -> str:
    """4 → `D`, 27 → `AA`."""
    answer = ""
    while column:
        column, rest = divmod(column - 1, 26)
        answer = chr(65 + rest) + answer
    return answer


def column_number(text: str) -> int:
    """`D` → 4; 0 when it is no column."""
    number = 0
    for letter in text.upper():
        if not "A" <= letter <= "Z" or len(text) > 3:
            return 0
        number = number * 26 + ord(letter) - 64
    return number if number <= MAX_COLUMN else 0


def split(ref: str) -> tuple[int, int]:
    """`D17` → (4, 17); ValueError when it is none."""
    match = _REFERENCE.fullmatch(ref)
    column, row = (column_number(match[1]), int(match[2])) if match else (0, 0)
    if not column or row > MAX_ROW:
        raise ValueError(f"no cell reference: {ref!r}")
    return column, row
