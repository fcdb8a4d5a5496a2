"""Section names and titles: what stands between one article's source and the next one's text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.text import T, Text
from news.rules.bulletin_lines import (
    INDENT,
    SLACK,
    Layout,
    Line,
    bare,
    ends_sentence,
    first_unit,
    glue,
    has_room,
    used,
    width,
)

NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、])"
)
FRAMED = re.compile(r"[【〖◆■●★▍\[].*|[一二三四五六七八九十]{1,2}、.{2,10}|[第].{1,3}[篇编章栏].*")
SECTION_LONGEST = 8  # characters a section name has where nothing else tells it from a title
MOST_TITLE_LINES = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sentence, and how much surer the reader would be without it (0 to 1)."""

    text: Text
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Head:
    """`section` is None where the article stays in the section before it."""

    section: str | None
    title: str
    doubts: tuple[Doubt, ...] = ()


def doubt(text: Text, weight: str) -> Doubt:
    return Doubt(text, Decimal(weight))


def inset(line: Line, after: Line, layout: Layout) -> bool:
    """Whether `line` stops short of the margin by just the indent of a paragraph's first line."""
    if layout.width is None or not layout.hidden_indent:
        return False
    room = line.width + width(first_unit(after.text)) <= layout.width - SLACK + 1
    return room and not has_room(line, after, layout, first=True)


def looks_body(lines: Sequence[Line], at: int, layout: Layout) -> bool:
    """Whether the line at `at`, standing after a title, is text: sentences, or a full first line."""
    line = lines[at]
    if "。" in line.text or line.text[-1] in "；：:;":
        return True
    if layout.width is None:
        return line.width > 80 or ("，" in line.text and line.width > 50)
    wide = used(line, layout, first=True) >= layout.width - INDENT
    if line.text[-1] in "，、" or ("，" in line.text and wide):
        return True
    if not wide or not layout.sure or at + 1 >= len(lines):
        return False
    if layout.shown_indent:
        return 3 <= line.indent <= 6 and not lines[at + 1].indent >= 3
    if layout.hidden_indent:
        return inset(line, lines[at + 1], layout) and not _opens(lines, at + 1, layout)
    return True


def _opens(lines: Sequence[Line], at: int, layout: Layout) -> bool:
    """Whether the line at `at` is itself a paragraph's inset first line, so the one before is none."""
    return at + 1 < len(lines) and inset(lines[at], lines[at + 1], layout)


def head_end(lines: Sequence[Line], layout: Layout) -> int:
    """How many of the lines after a source are section name and title."""
    for index in range(min(len(lines), MOST_TITLE_LINES + 2)):
        if looks_body(lines, index, layout):
            return index
    return min(1, len(lines))


def is_section_name(text: str, entries: frozenset[str]) -> bool:
    """Whether a line over a title can be a section's name: short, unpunctuated or framed."""
    if bare(text) in entries:
        return True
    if FRAMED.fullmatch(text) and len(text) <= SECTION_LONGEST + 6:
        return True
    return len(bare(text)) <= SECTION_LONGEST and not re.search(r"[，。：；！？《》——]", text)


def read_head(lines: Sequence[Line], entries: frozenset[str], opening: bool) -> Head:
    """Tells the section's name from the title; `opening` at the first article of an issue."""
    texts = [line.text for line in lines]
    if len(texts) == 1:
        doubts = (doubt(T("没有读到栏目名称。"), "0.2"),) if opening else ()
        return Head("" if opening else None, texts[0], doubts)
    if _one_title(texts, entries):
        return _titled("" if opening else None, texts, entries)
    known = bare(texts[0]) in entries or FRAMED.fullmatch(texts[0]) is not None
    together = lines[1].gap == 0 and any(line.gap for line in lines[2:])
    if is_section_name(texts[0], entries) and not (together and not known):
        head = _titled(texts[0], texts[1:], entries)
        return Head(texts[0], head.title, (*_section_doubts(texts, known, opening), *head.doubts))
    head = _titled("" if opening else None, texts, entries)
    missing = (doubt(T("没有读到栏目名称。"), "0.2"),) if opening else ()
    return Head(head.section, head.title, (*missing, *head.doubts))


def _one_title(texts: Sequence[str], entries: frozenset[str]) -> bool:
    """The contents name all lines together as one entry, or the second one continues the first."""
    if bare("".join(texts)) in entries and bare("".join(texts[1:])) not in entries:
        return True
    return texts[1].startswith(("——", "—", "（", "(")) and bare(texts[0]) not in entries


def _section_doubts(texts: Sequence[str], known: bool, opening: bool) -> tuple[Doubt, ...]:
    size = len(bare(texts[0]))
    if known or (size <= 4 and (opening or len(texts[1]) > SECTION_LONGEST)):
        return ()
    if len(texts[1]) <= SECTION_LONGEST or size > 4:
        sentence = T("“{name}”按栏目名称处理，它也可能是标题的第一行。", name=texts[0])
        return (doubt(sentence, "0.15"),)
    return ()


def _titled(section: str | None, texts: Sequence[str], entries: frozenset[str]) -> Head:
    title = glue(texts)
    if len(texts) == 1 or bare(title) in entries:
        return Head(section, title)
    sentence = T("标题由 {count} 行合成，请核对其中是否另有栏目名称。", count=len(texts))
    return Head(section, title, (doubt(sentence, "0.08" if len(texts) == 2 else "0.2"),))


def could_be_head(line: Line, layout: Layout) -> bool:
    """Whether a line on its own may be a title or a subhead: short and not a sentence."""
    longest = 64 if layout.width is None else layout.width
    if line.width > longest or line.text[-1] in "。；：，、:;,":
        return False
    return "。" not in line.text and not (ends_sentence(line.text) and len(line.text) > 24)
