"""Lines of an article's body rejoined into paragraphs and subheads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.text import T
from news.rules.bulletin_heads import NUMBERED, Doubt, could_be_head, doubt, inset
from news.rules.bulletin_issue import BlockKind
from news.rules.bulletin_lines import INDENT, Layout, Line, ends_sentence, first_unit, glue, has_room, width

STARTS = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[是、]|第[一二三四五六七八九十]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[.．、](?!\d)|案例|据悉|此外|下一步|[●■◆▲])"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with the lines it was made of and what is unsure about its borders."""

    kind: BlockKind
    lines: tuple[Line, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def text(self) -> str:
        return glue([line.text for line in self.lines])


def pieces_of(lines: Sequence[Line], layout: Layout) -> list[Piece]:
    """Cuts the body at the ends of its blocks. Every line lands in one piece, in order."""
    pieces: list[Piece] = []
    current: list[Line] = []
    doubts: list[Doubt] = []
    for index, line in enumerate(lines):
        if current:
            after = lines[index + 1] if index + 1 < len(lines) else None
            new, unsure = _begins(current, line, after, layout)
            if unsure:
                doubts.append(unsure)
            if new:
                pieces.append(_piece(current, doubts, layout))
                current, doubts = [], []
        current.append(line)
    if current:
        pieces.append(_piece(current, doubts, layout))
    return _heads_checked(pieces)


def _begins(
    current: Sequence[Line], line: Line, after: Line | None, layout: Layout
) -> tuple[bool, Doubt | None]:
    """Whether `line` begins a new block after the lines of the current one, and what is unsure."""
    before, first = current[-1], len(current) == 1
    room = has_room(before, line, layout, first)
    if layout.width is None:
        return True, None
    stopped = ends_sentence(before.text)
    if layout.shown_indent:
        return _by_indent(before, line, room, stopped, first, layout)
    if room:
        return _after_short(before, line, after, stopped, first, layout)
    if line.gap is not None and line.gap > layout.gap and stopped:
        # a blank line ends a paragraph, but may also be all that is left of a page's end
        opens = after is not None and inset(line, after, layout)
        return True, None if opens else _unsure(line, joined=False)
    return _after_full(before, line, after, stopped, first, layout)


def _by_indent(
    before: Line, line: Line, room: bool, stopped: bool, first: bool, layout: Layout
) -> tuple[bool, Doubt | None]:
    if line.indent >= 3:
        return True, None
    if room and stopped and not first:
        return True, _unsure(line, joined=False)
    if room and first and could_be_head(before, layout) and not stopped and before.indent >= 3:
        return True, None
    return False, _unsure(line, joined=True) if room else None


def _after_short(
    before: Line, line: Line, after: Line | None, stopped: bool, first: bool, layout: Layout
) -> tuple[bool, Doubt | None]:
    """The line before had room left: its block ended, unless it is ragged by a little only."""
    if stopped or (first and could_be_head(before, layout)) or before.text[-1] in "：:":
        return True, None
    lacking = (layout.width or 0) - before.width
    opens = after is not None and inset(line, after, layout)
    if lacking <= 3 * INDENT and not opens:
        return False, _unsure(line, joined=True)
    return True, _unsure(line, joined=False)


def _after_full(
    before: Line, line: Line, after: Line | None, stopped: bool, first: bool, layout: Layout
) -> tuple[bool, Doubt | None]:
    """The line before is full: only the inset of this line tells whether a paragraph begins."""
    opens = after is not None and inset(line, after, layout)
    if not stopped:
        if first and opens and could_be_head(before, layout) and "，" not in before.text:
            return True, _unsure(line, joined=False)
        return False, None
    if opens:
        return True, None
    short = after is None or has_room(line, after, layout, first=False)
    if short and could_be_head(line, layout) and after is not None:
        return True, None
    if short or not layout.hidden_indent:
        new = STARTS.match(line.text) is not None
        return new, _unsure(line, joined=not new)
    spare = (layout.width or 0) + 1 - line.width
    if after is not None and spare >= INDENT:
        # short by an indent, but the next word may just have been too long for the line
        new = width(first_unit(after.text)) <= spare
        return new, _unsure(line, joined=not new)
    return False, None


def _unsure(line: Line, *, joined: bool) -> Doubt:
    start = line.text[:8]
    if joined:
        return doubt(T("“{start}……”接在上一行之后，它也可能另起一段。", start=start), "0.05")
    return doubt(T("“{start}……”按另起一段处理，它也可能接着上一行。", start=start), "0.05")


def _piece(lines: Sequence[Line], doubts: Sequence[Doubt], layout: Layout) -> Piece:
    alone = len(lines) == 1 and could_be_head(lines[0], layout)
    short = len(lines[0].text) <= 30 and "，" not in lines[0].text.rstrip("，")
    numbered = NUMBERED.match(lines[0].text) is not None
    head = alone and (short or numbered)
    return Piece(BlockKind.SUBHEAD if head else BlockKind.PARAGRAPH, tuple(lines), tuple(doubts))


def _heads_checked(pieces: Sequence[Piece]) -> list[Piece]:
    """A short line with nothing under it is no subhead but a closing line."""
    checked = list(pieces)
    if checked and checked[-1].kind is BlockKind.SUBHEAD:
        last = checked[-1]
        unsure = doubt(T("末行“{text}”没有句号，按段落处理。", text=last.text[:20]), "0.1")
        checked[-1] = Piece(BlockKind.PARAGRAPH, last.lines, (*last.doubts, unsure))
    return checked
