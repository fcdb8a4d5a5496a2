"""A list of the register as its page shows it, and as it leaves: the same columns from one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.actors import Actor
from core import tables
from core.columns import Column, ColumnType, Value
from core.http import said
from core.problems import Problem
from core.text import Text

Line = Any  # what a list makes of a row, so that its columns need nothing else
Reader = Callable[[Sequence[Any]], Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a line and the column in which it leaves."""

    code: str
    title: Text
    value: Callable[[Line], Value | None]
    type: ColumnType = ColumnType.TEXT

    def column(self) -> Column:
        return Column(code=self.code, title=said(self.title), type=self.type)


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of a page; `kind` is how it is set: text, long (it wraps), code or num.

    It leaves as its `parts`: what a page puts into one cell, a name over a code, leaves as two columns.
    """

    key: str
    head: Text
    parts: tuple[Part, ...]
    sort: tuple[str, ...] = ()
    kind: str = "text"
    hidden: bool = False
    fixed: bool = False
    unit: Text | str = ""

    def of(self, line: Line) -> Value | None:
        """What stands in a cell that shows one value."""
        return self.parts[0].value(line)

    def column(self) -> tables.Column:
        return tables.Column(
            self.key,
            self.head,
            unit=self.unit,
            number=self.kind == "num",
            sort=self.sort,
            shown=not self.hidden,
            fixed=self.fixed,
        )


def one(
    key: str,
    head: Text,
    value: Callable[[Line], Value | None],
    type: ColumnType = ColumnType.TEXT,
    **more: Any,
) -> Shown:
    """A column of a single value."""
    return Shown(key, head, (Part(key, head, value, type),), **more)


@dataclass(frozen=True, slots=True)
class Listed:
    """One list. `asked` is what its filters say; `rows` are those of the page in the list's own order, and
    `reader` makes lines of a page or a batch of them with a bounded number of queries.

    `action` begins the words of the audit; `by` is the order without one asked for, empty for that of `rows`.
    With `personal` whoever takes it away shows again who it is.
    """

    name: str
    title: Text
    action: str
    may: Callable[[Actor, Any], bool]
    read: Callable[[Mapping[str, Any], datetime], tuple[Any, list[Problem]]]
    columns: Callable[[Any], Sequence[Shown]]
    rows: Callable[[Actor, Any, datetime], QuerySet[Any]]
    reader: Callable[[Actor, Any, datetime], Reader]
    words: Callable[[Any], Iterable[tuple[Text, str]]]
    by: str = ""
    personal: bool = False

    def ordered(self, actor: Actor, asked: Any, order: str, at: datetime) -> QuerySet[Any]:
        """The rows in the order asked for, `-area_total`, else in that of the page."""
        known = [shown.column() for shown in self.columns(asked)]
        sorting = {column.key for column in known if column.sort}
        chosen = order if order.removeprefix("-") in sorting else self.by
        return tables.ordered(self.rows(actor, asked, at), known, chosen)

    def chosen(self, asked: Any, keys: Sequence[str]) -> list[Shown]:
        """The columns of these keys in the page's order, and those that are always shown; without keys those
        that a page shows at first."""
        known = self.columns(asked)
        if not keys:
            return [shown for shown in known if not shown.hidden]
        return [shown for shown in known if shown.fixed or shown.key in keys]


@dataclass(frozen=True, slots=True)
class Leaving:
    """A list as one reader has it on the screen: `order` as `-area_total`, `columns` by their keys, both
    empty for what a page shows at first."""

    listed: Listed
    asked: Any
    order: str = ""
    columns: Sequence[str] = ()

    @property
    def shown(self) -> list[Shown]:
        return self.listed.chosen(self.asked, self.columns)


def parts_of(shown: Iterable[Shown]) -> list[Part]:
    """In which columns these leave."""
    return [part for column in shown for part in column.parts]


def filter_words(
    asked: Any, labels: Mapping[str, Text], choices: Mapping[str, Mapping[str, Text]]
) -> list[tuple[Text, str]]:
    """The filters that narrow a list, each with its words."""
    return [
        (labels[name], said(choices[name][value]) if value in choices.get(name, {}) else value)
        for name, value in asked.given().items()
        if name in labels
    ]
