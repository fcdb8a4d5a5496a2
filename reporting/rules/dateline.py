"""A campaign's dates on a line: where each, and today, lies in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, LEFT, RIGHT = 340, 6, 334
SLOT = 64  # what a label of four characters takes, in large type too
_EDGE = 20  # what the word above today takes at either side


@dataclass(frozen=True, slots=True)
class Dateline:
    """Units of the drawing, from its left edge. `marks`: (place on the line, place of the label)."""

    today: int
    today_label: int
    marks: tuple[tuple[int, int], ...]


def drawn(start: datetime, dates: Sequence[datetime], now: datetime) -> Dateline:
    """`dates` in their order, the last one ends the line; labels keep clear of each other."""
    whole = (dates[-1] - start).total_seconds() or 1.0

    def place(when: datetime) -> int:
        share = (when - start).total_seconds() / whole
        return LEFT + round((RIGHT - LEFT) * min(max(share, 0.0), 1.0))

    places = [place(one) for one in dates]
    today = place(now)
    label = min(max(today, _EDGE), WIDTH - _EDGE)
    return Dateline(today, label, tuple(zip(places, _apart(places), strict=True)))


def _apart(places: Sequence[int]) -> list[int]:
    """The middles of the labels: each as near to its place as the others and the edges let it."""
    found = [min(max(one, SLOT // 2), WIDTH - SLOT // 2) for one in places]
    for at in range(len(found) - 2, -1, -1):
        found[at] = min(found[at], found[at + 1] - SLOT)
    least = SLOT // 2
    for at, one in enumerate(found):
        found[at] = max(one, least)
        least = found[at] + SLOT
    return found
