"""Stacked columns by year: where each bar, line and number of the picture lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from core.formats import exact, number

WIDE, NARROW, HEIGHT, LEFT, TOP, BOTTOM = 620, 320, 250, 52, 22, 26
NARROW_ROWS = 5
_PLAIN_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Bar:
    series: int
    x: int
    y: int
    wide: int
    high: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at a place: years below, totals above, the scale at the left."""

    words: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class BarChart:
    width: int
    height: int
    left: int
    bars: tuple[Bar, ...]
    totals: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    scale: tuple[Mark, ...]


def step_of(top: Decimal) -> Decimal:
    """A round distance of the lines, so that about five of them reach `top`."""
    if top <= 0:
        return Decimal(1)
    rough = top / 5
    unit = Decimal(1).scaleb(rough.adjusted())
    return max(Decimal(1), next(plain * unit for plain in _PLAIN_STEPS if plain * unit >= rough))


def drawn(rows: Sequence[tuple[str, Sequence[Any]]], series: int, *, narrow: bool = False) -> BarChart:
    """The picture of `rows` (label, one value a series); what is missing is not drawn.

    The narrow one is for a phone: the last five rows, so that its words keep their size.
    """
    width = NARROW if narrow else WIDE
    rows = rows[-NARROW_ROWS:] if narrow else rows
    values = [(label, [exact(value) for value in found[:series]]) for label, found in rows]
    sums = [sum((value for value in found if value is not None), Decimal(0)) for _, found in values]
    top = max(sums, default=Decimal(0))
    step = step_of(top)
    lines = int((top / step).to_integral_value(ROUND_CEILING)) or 1
    room = HEIGHT - TOP - BOTTOM
    per = Decimal(room) / (step * lines)
    slot = (width - LEFT) // max(len(values), 1)
    wide = min(slot * 6 // 10, 56)
    bars, totals, labels = [], [], []
    for index, ((label, found), total) in enumerate(zip(values, sums, strict=True)):
        x = LEFT + slot * index + (slot - wide) // 2
        base = HEIGHT - BOTTOM
        for place, value in enumerate(found):
            high = int((value or Decimal(0)) * per)
            base -= high
            bars.append(Bar(place + 1, x, base, wide, high))
        totals.append(Mark(number(total), x + wide // 2, base - 6))
        labels.append(Mark(label, x + wide // 2, HEIGHT - 8))
    scale = [
        Mark(number(step * line), LEFT - 8, HEIGHT - BOTTOM - int(step * line * per))
        for line in range(lines + 1)
    ]
    return BarChart(width, HEIGHT, LEFT, tuple(bars), tuple(totals), tuple(labels), tuple(scale))
