"""A long table as one reader likes it: which columns, how dense, sorted by what.

The page declares its columns; the address says the order (`?sort=-total`), a cookie keeps columns and
density. The part "table" draws the tools and the head of it; the page writes the rows and asks
`layout.shows` which cells to write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from core.text import Text

DENSE = "dense"
_SEPARATOR = "."


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `sort` names the fields that order by it, none when it cannot; `fixed` is always shown."""

    key: str
    head: Text | str
    unit: Text | str = ""
    number: bool = False
    sort: tuple[str, ...] = ()
    shown: bool = True
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """The columns and density of a view that was kept under a name; no columns: those that the reader has."""

    view: int
    columns: Sequence[str]
    dense: bool

    @property
    def token(self) -> str:
        """Beside the columns of the cookie: which view they were changed on."""
        return f"v{self.view}"


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: `url` sorts by it; `order` is "ascending", "descending" or "" as ARIA says it."""

    column: Column
    url: str
    order: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The table of one reader at one address."""

    name: str
    columns: Sequence[Column]
    shown: Sequence[Column]
    sort: str
    descending: bool
    dense: bool
    query: QueryDict
    token: str = ""

    @property
    def shows(self) -> Mapping[str, bool]:
        return {column.key: True for column in self.shown}

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.shown]

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Every column that may be left out, with whether it is shown."""
        return [(column, column in self.shown) for column in self.columns if not column.fixed]

    def _head(self, column: Column) -> Head:
        if not column.sort:
            return Head(column, "", "")
        here = column.key == self.sort
        down = here and not self.descending
        query = self.query.copy()
        query.pop("page", None)
        query["sort"] = f"-{column.key}" if down else column.key
        order = ("descending" if self.descending else "ascending") if here else ""
        return Head(column, f"?{query.urlencode()}", order)

    @property
    def order(self) -> str:
        """As the address says it, `-total`; empty for the list's own order."""
        return f"-{self.sort}" if self.descending else self.sort

    def ordered(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return ordered(queryset, self.columns, self.order)


def ordered(queryset: QuerySet[Any], columns: Sequence[Column], order: str) -> QuerySet[Any]:
    """In this order (`-total`), then by key: a page never shows a row twice. By no column that sorts: as the
    rows come."""
    key = order.removeprefix("-")
    column = next((one for one in columns if one.key == key and one.sort), None)
    if column is None:
        return queryset
    sign = "-" if order.startswith("-") else ""
    return queryset.order_by(*(sign + name for name in column.sort), "pk")


def cookie_of(name: str) -> str:
    return f"table-{name}"


def kept(keys: Sequence[str], *, dense: bool) -> str:
    """What the cookie says for these columns and this density."""
    return _SEPARATOR.join([DENSE if dense else "wide", *keys])


def _kept(request: HttpRequest, name: str, chosen: Chosen | None) -> tuple[str, list[str], str]:
    """The name under which columns are kept in the browser, what is kept there, the token beside it. On a
    view its own columns stand until the reader changes them; the browser knows that of one view a table."""
    if chosen is None or not chosen.columns:
        return name, request.COOKIES.get(cookie_of(name), "").split(_SEPARATOR), ""
    named = f"{name}-view"
    density, *keys = request.COOKIES.get(cookie_of(named), "").split(_SEPARATOR)
    if chosen.token not in keys:
        density, keys = DENSE if chosen.dense else "wide", list(chosen.columns)
    return named, [density, *keys], chosen.token


def layout_of(
    request: HttpRequest, name: str, columns: Sequence[Column], *, by: str, chosen: Chosen | None = None
) -> Layout:
    """The layout that this reader chose, or that of a view (`chosen`); `by` is the order when none, or no
    known one, is asked for: empty is the list's own.

    What the address, the cookie or the view says and the table does not know is ignored.
    """
    asked = request.GET.get("sort", "")
    known = {column.key for column in columns if column.sort}
    order = asked if asked.removeprefix("-") in known else by
    named, (density, *keys), token = _kept(request, name, chosen)
    picked = set(keys) if density else {column.key for column in columns if column.shown}
    return Layout(
        name=named,
        columns=columns,
        shown=[column for column in columns if column.fixed or column.key in picked],
        sort=order.removeprefix("-"),
        descending=order.startswith("-"),
        dense=density == DENSE,
        query=request.GET.copy(),
        token=token,
    )
