"""A map of equal tiles: where each lies, and in which of five steps its value falls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any

from core.formats import exact, number
from core.text import T, Text

_WIDE, _HIGH, _ACROSS, _DOWN = 76, 42, 82, 47


@dataclass(frozen=True, slots=True)
class Tile:
    """`step` is 1 (lowest) to 5, 0 without a value; lengths in units of the picture."""

    name: str
    shown: str
    url: str
    step: int
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + _WIDE // 2

    @property
    def name_y(self) -> int:
        return self.y + 17

    @property
    def value_y(self) -> int:
        return self.y + 34


@dataclass(frozen=True, slots=True)
class LegendEntry:
    step: int
    words: Text


@dataclass(frozen=True, slots=True)
class TileMap:
    tiles: tuple[Tile, ...]
    legend: tuple[LegendEntry, ...]
    width: int
    height: int


def _rounded_up(value: Decimal) -> Decimal:
    """Two leading digits: a bound that reads well."""
    if value <= 0:
        return Decimal(1)
    unit = Decimal(1).scaleb(max(value.adjusted() - 1, 0))
    return (value / unit).to_integral_value(ROUND_CEILING) * unit


def bounds_of(values: Sequence[Decimal]) -> list[Decimal]:
    """Four rising lower bounds of the steps 2 to 5, cut so that each step holds about as many tiles."""
    ranked = sorted(values)
    bounds: list[Decimal] = []
    for part in range(1, 5):
        bound = (
            _rounded_up(ranked[min(len(ranked) * part // 5, len(ranked) - 1)]) if ranked else Decimal(part)
        )
        if bounds and bound <= bounds[-1]:
            bound = bounds[-1] + 1
        bounds.append(bound)
    return bounds


def _legend(bounds: Sequence[Decimal]) -> tuple[LegendEntry, ...]:
    entries = [LegendEntry(1, T("不足 {bound}", bound=number(bounds[0])))]
    for index, (low, high) in enumerate(pairwise(bounds), start=2):
        entries.append(LegendEntry(index, T("{low} 至不足 {high}", low=number(low), high=number(high))))
    entries.append(LegendEntry(len(bounds) + 1, T("{bound} 及以上", bound=number(bounds[-1]))))
    return tuple(entries)


def laid_out(tiles: Sequence[Mapping[str, Any]], steps: Sequence[Any] | None = None) -> TileMap:
    """The picture of `tiles` (name, column, row, value, url).

    `steps` are the four lower bounds of the steps 2 to 5; without them they are found from the values.
    """
    placed = [tile for tile in tiles if tile.get("column") is not None and tile.get("row") is not None]
    values = {id(tile): exact(tile.get("value")) for tile in placed}
    given = [bound for bound in (exact(step) for step in steps or ()) if bound is not None]
    bounds = given or bounds_of([value for value in values.values() if value is not None])
    left = min((int(tile["column"]) for tile in placed), default=0)
    top = min((int(tile["row"]) for tile in placed), default=0)
    made = []
    for tile in placed:
        value = values[id(tile)]
        step = 0 if value is None else 1 + sum(value >= bound for bound in bounds)
        made.append(
            Tile(
                name=str(tile["name"]),
                shown=number(tile.get("value")),
                url=str(tile.get("url") or ""),
                step=step,
                x=(int(tile["column"]) - left) * _ACROSS,
                y=(int(tile["row"]) - top) * _DOWN,
            )
        )
    width = max((tile.x for tile in made), default=0) + _WIDE
    height = max((tile.y for tile in made), default=0) + _HIGH
    return TileMap(tuple(made), _legend(bounds), width, height)
