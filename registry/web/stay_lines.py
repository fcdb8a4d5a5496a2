"""A body's stays drawn over time: a bar each, on one axis of years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.models import Stay
from registry.rules.tenancy import LIMITED_KINDS, plus_months, stay_months

WIDTH, ROW, HEAD, LEFT = 640, 30, 22, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One stay: `x` and `width` of what it lasted, `over_x` where it goes beyond its time."""

    name: str
    tone: str
    x: int
    y: int
    width: int
    over_x: int | None
    over_width: int

    @property
    def text_y(self) -> int:
        return self.y - 4


@dataclass(frozen=True, slots=True)
class Lines:
    """The picture: bars, years on the axis as `(x, year)`, `today_x`."""

    bars: Sequence[Bar]
    years: Sequence[tuple[int, int]]
    today_x: int
    width: int
    height: int


def drawn(stays: Sequence[Stay], *, founded: date | None, today: date) -> Lines | None:
    """None without stays. The axis goes from the founding or the first entry to today."""
    if not stays:
        return None
    days = [one.entered for one in stays] + ([founded] if founded else [])
    first = date(min(days).year, 1, 1)
    last = date(max([today, *(one.ended or today for one in stays), *days]).year + 1, 1, 1)

    def at(day: date) -> int:
        return LEFT + round((day - first).days * (WIDTH - 2 * LEFT) / (last - first).days)

    bars = []
    for row, one in enumerate(stays):
        end = max(one.ended or today, one.entered)
        limit = _limit(one)
        over = at(limit) if limit and limit < end else None
        bars.append(
            Bar(
                name=one.carrier.name,
                tone="ok" if one.graduated_by else ("muted" if one.ended else "info"),
                x=at(one.entered),
                y=HEAD + row * ROW + 16,
                width=max(2, at(end) - at(one.entered)),
                over_x=over,
                over_width=max(2, at(end) - over) if over is not None else 0,
            )
        )
    step = 1 + (last.year - first.year) // 12
    years = [(at(date(year, 1, 1)), year) for year in range(first.year, last.year, step)]
    return Lines(bars, years, at(today), WIDTH, HEAD + len(stays) * ROW + 8)


def _limit(stay: Stay) -> date | None:
    if stay.tenant is None or stay.carrier.kind not in LIMITED_KINDS:
        return None
    return plus_months(stay.entered, stay_months(stay.tenant.field or stay.carrier.field))
