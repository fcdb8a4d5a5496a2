"""A carrier's life on one axis of years: where each bar, box and dot of the picture lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDE, NARROW = 760, 340
LEFT = 56  # room for the lanes' names; on the narrow picture they stand above their lanes
MOST_YEARS, NARROW_YEARS = 24, 8
BAR, BOX, EVENT_ROW = 30, 40, 24
_ROWS = 3
_CHINESE, _LATIN, _DOT = 12, 7, 16


@dataclass(frozen=True, slots=True)
class Span:
    """A level from a day until another; `until` None still lasts. `dated` is false where
    its day is unknown."""

    level: str
    words: str
    since: date
    until: date | None
    dated: bool = True
    url: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of a year; an empty `letter` was not graded. `tone` is ok, info, warn, bad."""

    year: int
    letter: str
    word: str
    tone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day; `bad` is drawn in red."""

    on: date
    words: str
    bad: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    width: int
    middle: int
    level: str
    words: str
    since: str
    title: str
    url: str
    dated: bool


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    width: int
    middle: int
    grade: Grade
    word: str
    title: str


@dataclass(frozen=True, slots=True)
class Dot:
    """`words_x` is where its words begin, or end when `leftward`."""

    x: int
    y: int
    words_x: int
    leftward: bool
    event: Event

    @property
    def words(self) -> str:
        return f"{self.event.words} {self.event.on:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Lane:
    """`top` is where it begins, `name_x`, `name_y` where its name stands."""

    top: int
    name_x: int
    name_y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """`years` are (words, middle, left edge) of each year; `clipped` says that earlier years are left out."""

    width: int
    height: int
    left: int
    axis: int
    years: tuple[tuple[str, int, int], ...]
    levels: Lane
    grades: Lane
    events: Lane
    bars: tuple[Bar, ...]
    boxes: tuple[Box, ...]
    dots: tuple[Dot, ...]
    clipped: bool


def length_of(words: str) -> int:
    """About how wide the words are, in units of the picture."""
    return sum(_LATIN if ord(sign) < 0x2000 else _CHINESE for sign in words)


@dataclass(frozen=True, slots=True)
class _Axis:
    first: int
    years: int
    left: int
    width: int

    @property
    def pitch(self) -> float:
        return (self.width - self.left) / self.years

    def x(self, day: date) -> int:
        """The place of a day, the left edge for what lies before the axis."""
        passed = day.year - self.first + (day.timetuple().tm_yday - 1) / 366
        return self.left + int(max(0.0, min(passed, self.years)) * self.pitch)

    def edge(self, year: int) -> int:
        return self.left + int((year - self.first) * self.pitch)

    def marks(self) -> tuple[tuple[str, int, int], ...]:
        """Each year with its words (every second one where they would touch), middle and left edge."""
        last = self.first + self.years - 1
        every = 2 if self.pitch < 30 else 1
        return tuple(
            (
                str(year) if (last - year) % every == 0 else "",
                (self.edge(year) + self.edge(year + 1)) // 2,
                self.edge(year),
            )
            for year in range(self.first, last + 1)
        )


def _axis(begun: Sequence[int], last: int, narrow: bool) -> tuple[_Axis, bool]:
    """From the first year of all, or as many as fit; whether years are left out."""
    first = min([*begun, last - 4])
    years = min(last - first + 1, NARROW_YEARS if narrow else MOST_YEARS)
    left, width = (0, NARROW) if narrow else (LEFT, WIDE)
    return _Axis(last - years + 1, years, left, width), last - first + 1 > years


def _bars(spans: Sequence[Span], axis: _Axis, today: date) -> list[Bar]:
    bars = []
    for one in spans:
        x, end = axis.x(one.since), axis.x(one.until or today)
        if (one.until and one.until.year < axis.first) or end - x < 2:
            continue
        since = f"{one.since:%Y-%m}" if one.dated else ""
        width = end - x - 1
        full = length_of(one.words) + length_of(since) + 16
        bars.append(
            Bar(
                x=x,
                width=width,
                middle=x + width // 2,
                level=one.level,
                words=one.words if length_of(one.words) + 4 <= width else "",
                since=since if full + 8 <= width else "",
                title=f"{one.words} {since}".strip(),
                url=one.url,
                dated=one.dated,
            )
        )
    return bars


def _boxes(grades: Sequence[Grade], axis: _Axis) -> list[Box]:
    boxes = []
    for one in grades:
        if one.year < axis.first:
            continue
        x = axis.edge(one.year) + 1
        width = axis.edge(one.year + 1) - x - 2
        fits = length_of(one.word) * 11 // 12 <= width
        title = f"{one.year} {one.letter} {one.word}"
        boxes.append(Box(x, width, x + width // 2, one, one.word if fits else "", " ".join(title.split())))
    return boxes


def _dots(events: Sequence[Event], axis: _Axis, top: int) -> tuple[list[Dot], int]:
    """Each in the first row where its words do not touch the words before; how many rows there are."""
    ends = [-1] * _ROWS
    dots = []
    for one in events:
        if one.on.year < axis.first:
            continue
        x = min(axis.x(one.on), axis.width - 6)
        wide = length_of(f"{one.words} {one.on:%Y-%m}") + _DOT
        leftward = x + wide > axis.width and x - wide > axis.left
        begin, end = (x - wide, x + 8) if leftward else (x - 6, x + wide)
        row = next((at for at, taken in enumerate(ends) if taken < begin), ends.index(min(ends)))
        ends[row] = max(ends[row], end + 8)
        y = top + row * EVENT_ROW + EVENT_ROW // 2
        dots.append(Dot(x, y, x - 10 if leftward else x + 10, leftward, one))
    return dots, max(1, sum(1 for taken in ends if taken >= 0))


def drawn(
    spans: Sequence[Span],
    grades: Sequence[Grade],
    events: Sequence[Event],
    today: date,
    *,
    narrow: bool = False,
) -> Picture:
    """The picture up to this year. The narrow one is for a phone: the last eight years, names above lanes."""
    begun = [one.since.year for one in spans] + [one.year for one in grades] + [one.on.year for one in events]
    axis, clipped = _axis(begun, today.year, narrow)
    head = 20 if narrow else 0
    tops = (8 + head, 8 + head + BAR + 16 + head, 8 + head + BAR + 16 + head + BOX + 14 + head)
    levels, boxes_at, events_at = (
        Lane(top, 0, top - 7 if narrow else top + high // 2 + 5)
        for top, high in zip(tops, (BAR, BOX, EVENT_ROW), strict=True)
    )
    dots, rows = _dots(sorted(events, key=lambda one: one.on), axis, events_at.top)
    line = events_at.top + rows * EVENT_ROW + 8
    return Picture(
        width=axis.width,
        height=line + 22,
        left=axis.left,
        axis=line,
        years=axis.marks(),
        levels=levels,
        grades=boxes_at,
        events=events_at,
        bars=tuple(_bars(spans, axis, today)),
        boxes=tuple(_boxes(grades, axis)),
        dots=tuple(dots),
        clipped=clipped,
    )
