"""The lines of a bulletin as printed: page marks, widths, indents, gaps, and how lines are rejoined.

Widths are counted in half cells: a Chinese character or mark is 2, a Latin letter or digit 1.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

INDENT = 4  # the two characters by which a Chinese paragraph's first line is set in
SAMPLE = 6  # lines that must end at the margin before it is trusted
SLACK = 2  # justified lines with figures and Latin words vary by about one character
TERMINAL = "。！？；：…!?"
CLOSERS = "”’」』）)》〉】〕］]"
NO_LINE_START = CLOSERS + "。，、；：！？…—·,.;:!?%‰℃"
NO_LINE_END = "“‘「『（(《〈【〔［["

PAGE_MARK = re.compile(
    r"[-－–—―─~·\s]*[-－–—―─~·]\s*\d{1,4}\s*[-－–—―─~·][-－–—―─~·\s]*"
    r"|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line without outer white space.

    `indent` and `width` in half cells, `gap` the blank lines above (None across a page break),
    `number` the line's number in the file, from 1.
    """

    text: str
    number: int
    indent: int = 0
    gap: int | None = 0

    @property
    def width(self) -> int:
        return width(self.text)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a bulletin is set. `width` of a full line, None where lines are not hard-wrapped.

    `hidden_indent`: first lines are shorter by two characters though no white space shows it;
    `shown_indent`: white space shows it. `gap`: blank lines between any two lines. `sure`: enough
    lines end at the margin to trust it.
    """

    width: int | None
    hidden_indent: bool
    shown_indent: bool
    gap: int
    sure: bool = True


def width(text: str) -> int:
    """Half cells of `text`."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def bare(text: str) -> str:
    """`text` without any white space: what the accounting compares."""
    return "".join(text.split())


def is_page_mark(text: str) -> bool:
    """`- 2 -`, `— 12 —`, `第 2 页 共 9 页`; a bare figure is text."""
    return PAGE_MARK.fullmatch(text.strip()) is not None


def lines_of(text: str) -> list[Line]:
    """The printed lines of `text` in order, without blank lines and page marks."""
    lines: list[Line] = []
    gap: int | None = 0
    raw = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    for number, printed in enumerate(re.sub(r"[\v\x85\u2028\u2029]", "\n", raw).split("\n"), 1):
        if "\f" in printed or is_page_mark(printed):
            gap = None
        pieces = [] if is_page_mark(printed) else printed.split("\f")
        content = [piece for piece in pieces if piece.strip() and not is_page_mark(piece)]
        if not content and gap is not None:
            gap += 1
        for piece in content:
            inner = piece.strip()
            lead = piece[: len(piece) - len(piece.lstrip())].replace("\t", "    ")
            lines.append(Line(inner, number, width(lead), gap if lines else 0))
            gap = 0
    return lines


def layout_of(lines: Sequence[Line], wrapped: bool | None = None) -> Layout:
    """Measures the setting of a bulletin from its lines; `wrapped` if known by the caller."""
    gaps = Counter(line.gap for line in lines[1:] if line.gap is not None)
    gap = gaps.most_common(1)[0][0] if gaps else 0
    shown = sum(1 for line in lines if 3 <= line.indent <= 6)
    shown_indent = shown >= 2 and shown * 20 >= len(lines)
    full = None if wrapped is False else _full_width(lines, shown_indent)
    hidden = full is not None and not shown_indent and _hidden_indent(lines, full)
    at_margin = sum(1 for line in lines if abs(line.width + line.indent - (full or 0)) <= 2)
    sure = wrapped is False or (full is not None and at_margin >= SAMPLE)
    return Layout(full, hidden, shown_indent, gap or 0, sure)


def _full_width(lines: Sequence[Line], shown_indent: bool) -> int | None:
    """The width that most long lines share; None if the longest lines do not end at one margin."""
    widths = [line.width + (line.indent if shown_indent else 0) for line in lines]
    longest = max(widths, default=0)
    if longest < 2 * INDENT:
        return None
    counted = Counter(widths)
    near = {w: sum(counted[w + d] for d in (-1, 0, 1)) for w in counted if w * 10 >= longest * 8}
    if not near:
        return None
    best = max(near, key=lambda w: (near[w], counted[w], w))
    over = sum(1 for w in widths if w > best + 8)
    if over * 5 > near[best] or (longest > 160 and near[best] * 4 < len(widths)):
        return None
    # first lines may outnumber full ones where paragraphs are short: the wider margin is the true
    # one, unless only marks hanging over the margin make it
    solid = Counter(w for w, line in zip(widths, lines, strict=True) if not _hangs(line))
    wider = [w for w in solid if best + 2 < w <= best + INDENT + 1 and solid[w] * 10 >= near[best]]
    return max(wider, key=lambda w: (solid[w], w)) if wider else best


def _hangs(line: Line) -> bool:
    return line.text[-1] in NO_LINE_START


def _hidden_indent(lines: Sequence[Line], full: int) -> bool:
    """Whether lines after a plainly ended paragraph stop two characters before the margin."""
    inset = flush = 0
    for before, line in itertools.pairwise(lines):
        ended = before.text[-1] in TERMINAL + CLOSERS and before.width < full - 2 * INDENT
        if ended and line.width >= full - 2 * INDENT:
            inset += line.width < full - 1
            flush += line.width >= full - 1
    return inset > flush or inset + flush == 0


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a paragraph may end: a stop, perhaps inside closing marks."""
    core = text.rstrip(CLOSERS)
    return (bool(core) and core[-1] in TERMINAL) or text[-1:] in TERMINAL


def first_unit(text: str) -> str:
    """What of a line could not have been left on the line before: `（引`, `家，`, `Plug`, `1/4，`."""
    match = re.match(
        rf"[{re.escape(NO_LINE_END)}]*(?:[A-Za-z0-9][A-Za-z0-9.,:/%+&@_'-]*|.)"
        rf"[{re.escape(NO_LINE_START)}]*",
        text,
    )
    return match.group() if match else text


def used(line: Line, layout: Layout, first: bool) -> int:
    """Half cells the line takes from the margin, its indent as the first of a paragraph included."""
    if layout.shown_indent:
        return line.width + line.indent
    return line.width + (INDENT if first and layout.hidden_indent else 0)


def has_room(line: Line, after: Line, layout: Layout, first: bool) -> bool:
    """Whether the start of `after` would have fitted on `line`: then a block ended there."""
    if layout.width is None:
        return True
    return used(line, layout, first) + width(first_unit(after.text)) <= layout.width - SLACK


def glue(pieces: Sequence[str]) -> str:
    """Rejoins lines: a space only where two Latin words or figures met at the break."""
    text = pieces[0] if pieces else ""
    for piece in pieces[1:]:
        text += (" " if _apart(text[-1:], piece[:1]) else "") + piece
    return text


def _apart(left: str, right: str) -> bool:
    word = re.compile(r"[A-Za-z\u00c0-\u024f]")
    if word.match(left):
        return bool(re.match(r"[A-Za-z0-9\u00c0-\u024f(&]", right))
    if left.isascii() and left and left in ",.;:)!?&0123456789":
        return bool(word.match(right))
    return False
