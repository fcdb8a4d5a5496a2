"""The table of the year's progress as a workbook: every number that is counted, money in yuan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from core.clock import day_of
from core.columns import Column, ColumnType, Value
from core.workbook.exports import write_table
from portal.progress.counting import Counted, Row, counted
from portal.progress.scope import Scope
from portal.progress.table import columns_of

_BASES = {"asked": "送审", "taking": "参评"}


def _columns(scope: Scope, found: Counted) -> list[Column]:
    """Those of the table; the numbers that a share is of come before it."""
    shown = [
        Column(code="year", title="年度", type=ColumnType.INTEGER),
        Column(code="as_of", title="截至", type=ColumnType.DATE),
        Column(code="code", title="区域代码", type=ColumnType.TEXT),
        Column(code="name", title="区域", type=ColumnType.TEXT),
        Column(code="due", title="应报", type=ColumnType.INTEGER, unit="份"),
    ]
    for one in columns_of(scope, found):
        if one.is_money:
            year = scope.money_year
            for code, title in (("claimed", "应得"), ("decided", "已核定")):
                title = f"{year} 年度奖补{title}"
                shown.append(Column(code=code, title=title, type=ColumnType.MONEY, unit="元"))
            continue
        unit = "份" if one.of == "due" else "家"
        if one.of in _BASES:
            shown.append(Column(code=one.of, title=_BASES[one.of], type=ColumnType.INTEGER, unit=unit))
        shown.append(Column(code=one.key, title=str(one.title), type=ColumnType.INTEGER, unit=unit))
    return shown


def write(target: IO[bytes], scope: Scope) -> None:
    """One sheet: the regions below the shown one, then their sum."""
    found = counted(scope)
    columns = _columns(scope, found)
    write_table(target, columns, _records(scope, found, columns), title="年度进度")


def _records(scope: Scope, found: Counted, columns: list[Column]) -> Iterator[dict[str, Value | None]]:
    for row in [*found.rows, Row(scope.region, False, found.total)]:
        name = f"{row.region.name}本级" if row.is_own else row.region.name
        about: dict[str, Value | None] = {
            "year": scope.year,
            "as_of": day_of(scope.at),
            "code": row.region.code,
            "name": name if row.numbers is not found.total else f"{name}合计",
        }
        wanted = [one.code for one in columns if one.code not in about]
        yield {**about, **{code: row.numbers[code] for code in wanted}}
