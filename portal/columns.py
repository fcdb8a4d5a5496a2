"""Two columns a year side by side: where each lies. Plain arithmetic, in units of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.bars import Bar, Mark, step_of
from core.formats import number

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 344, 190, 36, 18, 22
MOST_YEARS = 7


@dataclass(frozen=True, slots=True)
class Columns:
    width: int
    height: int
    left: int
    bars: tuple[Bar, ...]
    values: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    scale: tuple[Mark, ...]


def drawn(rows: Sequence[tuple[str, Sequence[Decimal | None]]]) -> Columns:
    """The last seven `rows` (label, two values); what is missing is not drawn."""
    rows = rows[-MOST_YEARS:]
    top = max((value for _, pair in rows for value in pair if value is not None), default=Decimal(0))
    step = step_of(top * 5 / 3)  # three lines or four: the picture is low
    lines = max(1, -(-int(top) // int(step)))
    room = HEIGHT - TOP - BOTTOM
    slot = (WIDTH - LEFT) // max(len(rows), 1)
    wide = min(slot // 3, 22)
    floor = HEIGHT - BOTTOM
    bars, values, labels = [], [], []
    for index, (label, pair) in enumerate(rows):
        middle = LEFT + slot * index + slot // 2
        labels.append(Mark(label, middle, HEIGHT - 6))
        for place, value in enumerate(pair):
            if value is None:
                continue
            x = middle - wide if place == 0 else middle + 1
            high = int(value * room / (step * lines))
            bars.append(Bar(place + 1, x, floor - high, wide, high))
            values.append(Mark(number(value), x + wide // 2, floor - high - 4))
    scale = [
        Mark(number(step * line), LEFT - 6, floor - int(Decimal(room * line) / lines))
        for line in range(lines + 1)
    ]
    return Columns(WIDTH, HEIGHT, LEFT, tuple(bars), tuple(values), tuple(labels), tuple(scale))
