"""Rows of a table between exact texts and what is stored: typed columns of all forms, the rest apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from core.columns import NUMERIC, Column, ColumnType, Value
from core.problems import Problem
from reporting.rules.checking import TableRow
from reporting.rules.form import Table
from reporting.rules.values import exact, read

TYPED: dict[str, frozenset[ColumnType]] = {
    "name": frozenset({ColumnType.TEXT}),
    "credit_code": frozenset({ColumnType.CREDIT_CODE}),
    "founded": frozenset({ColumnType.DATE}),
    "entered": frozenset({ColumnType.DATE}),
    "graduated": frozenset({ColumnType.DATE}),
    "field": frozenset({ColumnType.CHOICE, ColumnType.TEXT}),
    "high_tech": frozenset({ColumnType.BOOL}),
    "people": frozenset({ColumnType.INTEGER}),
    "revenue": NUMERIC,
}
_EMPTY: dict[str, Any] = {"name": "", "credit_code": "", "field": ""}
_LENGTHS = {"name": 200, "credit_code": 18, "field": 60}
MOST_PEOPLE = 2_147_483_647


def stored(table: Table, texts: Mapping[str, str]) -> dict[str, Any]:
    """Column values of a `RosterRow` for these exact texts; what does not fit its type goes to `extra`."""
    answer: dict[str, Any] = {code: _EMPTY.get(code) for code in TYPED}
    extra: dict[str, str] = {}
    for column in table.columns:
        text = texts.get(column.code, "")
        if not text:
            continue
        value = _fitting(column, text)
        if value is None:
            extra[column.code] = text
        else:
            answer[column.code] = value
    return answer | {"extra": extra}


def _fitting(column: Column, text: str) -> Value | None:
    """The value for the typed column, None where there is none or it is not sound."""
    if column.type not in TYPED.get(column.code, ()):
        return None
    value = read(text, column)
    if value is None or isinstance(value, Problem) or exact(value) != text:
        return None
    if column.code == "people" and not (isinstance(value, int) and 0 <= value <= MOST_PEOPLE):
        return None
    if column.code == "revenue":
        number = Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)
        exponent = number.as_tuple().exponent
        fits = isinstance(exponent, int) and exponent >= -6 and number.adjusted() < 18
        return number if fits else None
    if isinstance(value, str) and len(value) > _LENGTHS.get(column.code, 200):
        return None
    return value


def texts_of(table: Table, row: Any) -> dict[str, str]:
    """The exact texts of a stored row, in the table's order; missing ones have no key."""
    answer: dict[str, str] = {}
    for column in table.columns:
        code = column.code
        if code in row.extra:
            answer[code] = row.extra[code]
            continue
        value = getattr(row, code, None) if code in TYPED else None
        if value is not None and value != "":
            answer[code] = _exact(value)
    return answer


def _exact(value: str | int | bool | Decimal | dt.date) -> str:
    return exact(value)


def table_rows(tables: Iterable[Table], rows: Iterable[Any]) -> dict[str, list[TableRow]]:
    """Stored rows by table, in their order, numbered from 1."""
    by_code = {table.code: table for table in tables}
    answer: dict[str, list[TableRow]] = {code: [] for code in by_code}
    for row in rows:
        if row.table in by_code:
            found = answer[row.table]
            found.append(TableRow(row.key, texts_of(by_code[row.table], row), len(found) + 1))
    return answer


def provisional(position: int) -> str:
    """The key of a row that has none of its own yet."""
    return f"~{position}"


def is_provisional(key: str) -> bool:
    return key.startswith("~")
