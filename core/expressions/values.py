"""What an expression works on: four types of value, the row it reads, and why a value is missing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from typing import Protocol

from core.text import T, Text

Value = Decimal | str | bool | datetime.date | None
"""A typed value; `None` is missing, which is not 0."""


class Kind(StrEnum):
    """The type of a field or of a result."""

    NUMBER = "number"
    TEXT = "text"
    BOOL = "bool"
    DATE = "date"

    @property
    def label(self) -> Text:
        """The type's name for people."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    Kind.NUMBER: T("数值"),
    Kind.TEXT: T("文本"),
    Kind.BOOL: T("是否"),
    Kind.DATE: T("日期"),
}


class Cause(StrEnum):
    """Why a result is missing. Inside a compiled expression a missing value *is* its cause."""

    NOT_REPORTED = "not_reported"
    DIVISION_BY_ZERO = "division_by_zero"
    BASE_NOT_ABOVE_ZERO = "base_not_above_zero"
    OUT_OF_RANGE = "out_of_range"

    @property
    def label(self) -> Text:
        """The cause in words, as it stands in a `because`."""
        return _CAUSE_LABELS[self]


_CAUSE_LABELS = {
    Cause.NOT_REPORTED: T("未填报"),
    Cause.DIVISION_BY_ZERO: T("除数为零"),
    Cause.BASE_NOT_ABOVE_ZERO: T("增长率的基数不大于零"),
    Cause.OUT_OF_RANGE: T("结果超出可计算的范围"),
}

Inner = Decimal | str | bool | datetime.date | Cause
"""A value inside a compiled expression: never `None`, but the cause of the gap."""

ARITHMETIC = Context(prec=28, rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999, traps=[])
"""28 digits, half-even; nothing is raised, a result that is not finite is `OUT_OF_RANGE`."""


class Row(Protocol):
    """What an expression reads: one carrier in one year."""

    def value(self, name: str) -> Value:
        """The typed value of the field; `None` is missing."""
        ...

    def written(self, name: str) -> str | None:
        """The cell as written, trimmed, whatever the field's type; `None` is missing."""
        ...


@dataclass(frozen=True, slots=True)
class MappingRow:
    """A row made of a mapping. Where `cells` says nothing of a name, the value's plain form stands for it."""

    values: Mapping[str, Value]
    cells: Mapping[str, str | None] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """The typed value; `None` also for a name that is not there."""
        return self.values.get(name)

    def written(self, name: str) -> str | None:
        """The cell as written, else the plain form of the value."""
        if name in self.cells:
            return self.cells[name]
        return plain(self.values.get(name))


def plain(value: Value) -> str | None:
    """The value as a cell would show it: plain digits, ISO date, `true` or `false`; `None` if missing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
