"""The table of regions and the map that repeats one of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from core.text import T, Text
from evaluation.rules.standing import percent_of
from portal.progress.counting import Amount, Counted, Row
from portal.progress.scope import Scope

# A share is marked when it is below this part of the share of the whole region that is shown, and not by
# less than one: of nine returns none at 3 % is no lag.
ALERT = Decimal("0.8")
LEAST_LAG = 1  # return, carrier or 10,000 yuan
WORK_COLUMNS = 4  # as many fit beside the money
TEN_THOUSAND = 10_000
STEP_WIDTHS = (1, 2, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Column:
    """A number and the number it is a share of."""

    key: str
    title: Text
    of: str
    base: Text

    @property
    def is_money(self) -> bool:
        return self.key == "decided"


FILED = Column("filed", T("已报"), "due", T("占应报"))
COLUMNS = (
    FILED,
    Column("county", T("县区通过"), "due", T("占应报")),
    Column("city", T("市级通过"), "due", T("占应报")),
    Column("accepted", T("已受理"), "due", T("占应报")),
    Column("marked", T("已评审"), "asked", T("占送审")),
    Column("graded", T("已定级"), "taking", T("占参评")),
)
MONEY = Column("decided", T("已核定"), "claimed", T("占应得"))
BELOW = {
    "nation": T("省份"),
    "province": T("设区市"),
    "city": T("县区"),
    "county": T("区域"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A column's number in one row, `shown` in the column's unit; `share` None where there is no base."""

    column: Column
    shown: Decimal | int | None
    share: Decimal | None
    is_low: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown; `url` leads to the region."""

    name: str
    is_own: bool
    url: str
    due: Amount
    claimed: Decimal | None
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: its link sorts by it and puts it on the map. `order` as ARIA says it."""

    key: str
    title: Text
    note: Text
    url: str
    order: str


@dataclass(frozen=True, slots=True)
class RegionTable:
    """All of the table; `money_year` None where no money is known."""

    heads: Sequence[Head]
    lines: Sequence[Line]
    total: Line
    alert: int
    money_year: int | None


@dataclass(frozen=True, slots=True)
class TileMap:
    """One column as tiles; `choices` are (title, address, whether it is this one)."""

    title: Text
    base: Text
    tiles: Sequence[Mapping[str, Any]]
    steps: Sequence[Decimal]
    caption: Text
    choices: Sequence[tuple[Text, str, bool]]


def address(scope: Scope, **more: str) -> str:
    """The page of this year and region with something changed."""
    query = {"year": str(scope.year), "region": scope.region.code, **more}
    return f"{reverse('portal:progress')}?{urlencode({key: value for key, value in query.items() if value})}"


def columns_of(scope: Scope, found: Counted) -> list[Column]:
    """Those that the data can tell, the latest stages where there are too many."""
    known = [one for one in COLUMNS[1:] if _is_told(one, found)]
    shown = [FILED, *known[1 - WORK_COLUMNS :]]
    return [*shown, MONEY] if scope.allocations else shown


def _is_told(column: Column, found: Counted) -> bool:
    offices = {"county": "with_county", "city": "with_city"}
    if column.key in offices:
        return bool(found.stamps[offices[column.key]])
    return column.of == "due" or bool(found.total[column.of])


def table_of(scope: Scope, found: Counted, sort: str) -> RegionTable:
    """Rows in the asked order; an unknown order is that of the regions' codes."""
    columns = columns_of(scope, found)
    keys = ["name", "due", *(one.key for one in columns)]
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    key = key if key in keys else "name"
    total = _line(scope, Row(scope.region, False, found.total), columns, None)
    rows = [_line(scope, row, columns, total) for row in _ordered(found.rows, columns, key, is_down)]
    return RegionTable(
        heads=[_head(scope, *one, key, is_down) for one in _titles(scope, columns)],
        lines=rows,
        total=total,
        alert=int(ALERT * 100),
        money_year=scope.money_year,
    )


def _titles(scope: Scope, columns: Sequence[Column]) -> list[tuple[str, Text, Text]]:
    work = [(one.key, one.title, one.base) for one in columns if not one.is_money]
    head = [("name", BELOW[scope.region.level], Text("")), ("due", T("应报"), T("份")), *work]
    money = [(one.key, one.title, one.base) for one in columns if one.is_money]
    return head + money


def _head(scope: Scope, key: str, title: Text, note: Text, sorted_by: str, is_down: bool) -> Head:
    here = key == sorted_by
    wanted = f"-{key}" if here and not is_down else key
    measure = "" if key in ("name", "due") else key
    order = ("descending" if is_down else "ascending") if here else ""
    return Head(key, title, note, address(scope, sort=wanted, measure=measure), order)


def _ordered(rows: Sequence[Row], columns: Sequence[Column], key: str, is_down: bool) -> list[Row]:
    """By code, or by a share (what has none comes last); carriers of the region itself always last."""
    by_code = sorted(rows, key=lambda row: row.region.code)
    column = next((one for one in columns if one.key == key), None)

    def value(row: Row) -> tuple[int, Amount]:
        if column is None:
            return (0, row.numbers["due"])
        share = share_of(row.numbers, column)
        return (1, Decimal(0)) if share is None else (0, -share if is_down else share)

    if key == "name":
        ranked = list(reversed(by_code)) if is_down else by_code
    elif column is None:
        ranked = sorted(by_code, key=lambda row: row.numbers["due"], reverse=is_down)
    else:
        ranked = sorted(by_code, key=value)
    return sorted(ranked, key=lambda row: row.is_own)


def share_of(numbers: Mapping[str, Amount], column: Column) -> Decimal | None:
    """In percent; None of nothing."""
    whole = numbers[column.of]
    if not whole:
        return None
    return percent_of(int(numbers[column.key]), int(whole))


def _line(scope: Scope, row: Row, columns: Sequence[Column], total: Line | None) -> Line:
    numbers = row.numbers
    whole = {cell.column.key: cell.share for cell in total.cells} if total else {}
    return Line(
        name=row.region.name,
        is_own=row.is_own,
        url="" if row.is_own or total is None else address(scope, region=row.region.code),
        due=numbers["due"],
        claimed=_in_ten_thousand(numbers["claimed"]) if scope.allocations else None,
        cells=[_cell(numbers, one, whole.get(one.key)) for one in columns],
    )


def _cell(numbers: Mapping[str, Amount], column: Column, whole: Decimal | None) -> Cell:
    share = share_of(numbers, column)
    number = numbers[column.key]
    shown = _in_ten_thousand(number) if column.is_money else number
    is_low = share is not None and whole is not None and _lags(numbers, column, share, whole)
    return Cell(column, None if share is None else shown, share, is_low)


def _lags(numbers: Mapping[str, Amount], column: Column, share: Decimal, whole: Decimal) -> bool:
    missing = whole * Decimal(numbers[column.of]) / 100 - Decimal(numbers[column.key])
    unit = TEN_THOUSAND if column.is_money else 1
    return share < whole * ALERT and missing >= LEAST_LAG * unit


def _in_ten_thousand(yuan: Amount) -> Decimal:
    return (Decimal(yuan) / TEN_THOUSAND).quantize(Decimal(1), ROUND_HALF_UP)


def map_of(scope: Scope, found: Counted, measure: str, sort: str) -> TileMap | None:
    """The column that is asked for, else the one sorted by; None where no tiles are laid."""
    columns = columns_of(scope, found)
    placed = [row for row in found.rows if row.region.tile_column is not None and not row.is_own]
    if not placed:
        return None
    asked = (measure, sort.removeprefix("-"))
    column = next((one for word in asked for one in columns if one.key == word), columns[0])
    values = [share_of(row.numbers, column) for row in placed]
    return TileMap(
        title=column.title,
        base=column.base,
        tiles=[
            row.region.tile(value, address(scope, region=row.region.code))
            for row, value in zip(placed, values, strict=True)
        ],
        steps=steps_of([value for value in values if value is not None]),
        caption=T("{title}，{base}。", title=column.title, base=column.base),
        choices=[(one.title, address(scope, sort=sort, measure=one.key), one is column) for one in columns],
    )


def steps_of(shares: Sequence[Decimal]) -> list[Decimal]:
    """Four rising bounds in round percents that part what there is; never above 100."""
    if not shares:
        return [Decimal(20 * n) for n in range(1, 5)]
    low, high = min(shares), max(shares)
    width = next((one for one in STEP_WIDTHS if one * 5 >= high - low + 1), STEP_WIDTHS[-1])
    first = (low / width).to_integral_value(ROUND_FLOOR) * width
    first = max(Decimal(0), min(first, Decimal(100 - 4 * width)))
    return [first + width * n for n in range(1, 5)]
