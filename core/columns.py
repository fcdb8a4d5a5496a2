"""One table of columns makes the template, the import, the marked file and the export.

A column says what a value is, what it may be and how it is headed; `core.cells` reads values by it,
`core.workbook.writer` writes by it, `match_headers` finds it again in a sheet a person has changed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from core.problems import Problem, Severity
from core.text import T
from core.workbook.book import Cell, folded

Value = str | int | bool | Decimal | dt.date


class ColumnType(StrEnum):
    """The types of the contract for forms."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    BOOL = "bool"
    CHOICE = "choice"
    CREDIT_CODE = "credit_code"
    REGION = "region"
    PHONE = "phone"
    EMAIL = "email"


NUMERIC = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.MONEY, ColumnType.PERCENT})
# To the yuan where the unit is larger than a yuan, to the fen where it is one.
_MONEY_PLACES = {"元": 2, "千元": 3, "万元": 4}
_MOST_PLACES = 10
_WIDTHS = {
    ColumnType.TEXT: 24,
    ColumnType.CREDIT_CODE: 22,
    ColumnType.EMAIL: 26,
    ColumnType.PHONE: 16,
    ColumnType.DATE: 13,
    ColumnType.BOOL: 10,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column or field. `unit` is 元, 千元 or 万元 for money; a percent is kept as 35 for 35 %.

    `choices` maps codes to their names; `region` may have them too (code → name). `min` and `max`
    are numbers, or days for a date. `locked` cells are shown and never read back.
    """

    code: str
    title: str
    type: ColumnType
    unit: str = ""
    required: bool = False
    width: int | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    help: str = ""
    places: int | None = None
    min: Decimal | dt.date | None = None
    max: Decimal | dt.date | None = None
    max_length: int | None = None
    locked: bool = False

    def __post_init__(self) -> None:
        if self.type is ColumnType.CHOICE and not self.choices:
            raise ValueError(f"{self.code}: a choice without choices")

    @property
    def header(self) -> str:
        """What stands above it: the title, and its unit in brackets."""
        return f"{self.title}（{self.shown_unit}）" if self.shown_unit else self.title

    @property
    def shown_unit(self) -> str:
        """The unit for people; a percentage has its own."""
        return self.unit or ("%" if self.type is ColumnType.PERCENT else "")

    @property
    def most_places(self) -> int:
        """How many decimals a value may have; more are refused, never rounded."""
        if self.places is not None:
            return self.places
        if self.type is ColumnType.INTEGER:
            return 0
        if self.type is ColumnType.MONEY:
            return _MONEY_PLACES.get(self.unit, 2)
        return _MOST_PLACES

    @property
    def length(self) -> int:
        """How many characters a text may have."""
        return self.max_length or 2000

    @property
    def characters(self) -> int:
        """The width of the column in characters, where a Chinese one counts two."""
        if self.width:
            return self.width
        heading = sum(1 if c.isascii() else 2 for c in self.header) + 4
        return min(max(_WIDTHS.get(self.type, 14), heading), 60)


@dataclass(frozen=True, slots=True)
class Headers:
    """Where the columns are: code → column number; and what is wrong with the heading."""

    found: Mapping[str, int]
    problems: Sequence[Problem]


_UNIT = re.compile(r"\(([^()]{1,12})\)$")
_UNITS = {
    **dict.fromkeys(("元", "千元", "万元", "百万元", "亿元", "人民币元"), "money"),
    **dict.fromkeys(("m2", "m²", "㎡", "平方米", "万平方米", "亩"), "area"),
    **dict.fromkeys(("%", "‰"), "share"),
}
_SAME = {"m²": "m2", "㎡": "m2", "平方米": "m2", "人民币元": "元"}


def same_unit(one: str, other: str) -> bool:
    """Whether two units are one, however written: m², ㎡, 平方米."""
    one, other = folded(one), folded(other)
    return _SAME.get(one, one) == _SAME.get(other, other)


def match_headers(columns: Sequence[Column], heads: Iterable[Cell], *, place: str = "") -> Headers:
    """Finds the columns by the text above them, in any order.

    Width, spaces, case, a required mark and a unit in brackets may differ; another unit of the same
    kind may not (万元 above a column of 千元). Missing required columns, doubled ones and wrong
    units are errors, strangers are named in a note. `place` is said where a column is missing.
    """
    found: dict[str, int] = {}
    problems: list[Problem] = []
    by_header = {heading_key(column.header): column for column in columns}
    by_title = {heading_key(column.title): column for column in columns}
    extra: list[Cell] = []
    for head in heads:
        key = heading_key(head.text)
        if not key:
            continue
        bare = _UNIT.sub("", key)
        column = by_header.get(key) or by_title.get(key) or by_title.get(bare)
        if column is None:
            extra.append(head)
        elif column.code in found:
            problems.append(_doubled(column, head, found[column.code]))
        else:
            found[column.code] = head.column
            problems.extend(_unit_problems(column, head, key))
    problems.extend(_missing(columns, found, place))
    problems.extend(_strangers(extra))
    return Headers(found, problems)


def heading_key(text: str) -> str:
    """A heading without what people change by accident; two columns of one table must differ in it."""
    return folded(text).strip("*:").replace("【", "(").replace("】", ")")


def _unit_problems(column: Column, head: Cell, key: str) -> Iterable[Problem]:
    written = _UNIT.search(key)
    if not written or not column.shown_unit or same_unit(written[1], column.shown_unit):
        return
    kind = _UNITS.get(folded(column.shown_unit))
    if kind and _UNITS.get(written[1]) == kind:
        yield Problem(
            "header.unit",
            T("“{title}”的单位应为{unit}。", title=column.title, unit=column.shown_unit),
            place=head.place,
            field=column.code,
            title=column.title,
            found=head.text,
            allowed=column.header,
            fix=T("请把整列数据换算成{unit}，并改回表头。", unit=column.shown_unit),
        )


def _doubled(column: Column, head: Cell, first: int) -> Problem:
    before = head._replace(column=first)
    return Problem(
        "header.twice",
        T("“{title}”一列出现了两次，不知以哪一列为准。", title=column.title),
        place=head.place,
        field=column.code,
        title=column.title,
        found=head.text,
        allowed=T("只有一列（已在 {ref}）", ref=before.ref),
        fix=T("请删去多余的一列，或改掉它的表头。"),
    )


def _missing(columns: Sequence[Column], found: Mapping[str, int], place: str) -> Iterable[Problem]:
    for column in columns:
        if column.required and not column.locked and column.code not in found:
            yield Problem(
                "header.missing",
                T("缺少必填的列“{title}”。", title=column.title),
                place=place,
                field=column.code,
                title=column.title,
                allowed=column.header,
                fix=T("请在表头行补上“{header}”一列。", header=column.header),
            )


def _strangers(extra: Sequence[Cell]) -> Iterable[Problem]:
    for head in extra:
        yield Problem(
            "header.extra",
            T("“{title}”一列不在模板中，不会读取。", title=head.text.strip()[:60]),
            place=head.place,
            found=head.text.strip()[:60],
            severity=Severity.NOTE,
        )
