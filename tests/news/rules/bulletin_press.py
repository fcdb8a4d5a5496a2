"""Sets invented bulletins the way real ones come out of a PDF: hard-wrapped, paged, marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from news.rules.bulletin_lines import NO_LINE_END, NO_LINE_START, width


@dataclass(frozen=True)
class Told:
    """An invented article: blocks are ('p' or 'h', text)."""

    title: str
    source: str | None
    blocks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Setting:
    """How the press sets an issue; `full` in half cells."""

    full: int = 58
    blanks: int = 1
    page: int = 0
    marks: bool = True
    feeds: bool = False
    stray: bool = False
    shown: bool = False
    title_full: int = 40
    newline: str = "\n"
    head: tuple[str, ...] = field(default=())


def wrap(text: str, first: int, rest: int) -> list[str]:
    """Breaks at the margin; Latin words stay whole, no closing mark begins, no opener ends a line."""
    units = re.findall(
        rf"[{re.escape(NO_LINE_END)}]*(?:[A-Za-z0-9.,%/+-]*[A-Za-z0-9%]|.)[{re.escape(NO_LINE_START)}]* ?",
        text,
    )
    assert "".join(units) == text
    lines = [""]
    for unit in units:
        room = first if len(lines) == 1 else rest
        if lines[-1] and width(lines[-1]) + width(unit.rstrip()) > room:
            lines.append("")
        lines[-1] += unit
    return [line.strip() for line in lines]


def press(sections: Sequence[tuple[str, Sequence[Told]]], how: Setting) -> str:
    lines: list[str] = list(how.head)
    inset = "　　" if how.shown else ""
    for name, articles in sections:
        lines.append(name)
        for told in articles:
            lines += wrap(told.title, how.title_full, how.title_full)
            for _, text in told.blocks:
                set_lines = wrap(text, how.full - 4, how.full)
                lines += [inset + set_lines[0], *set_lines[1:]]
            if told.source is not None:
                lines += wrap(f"（来源：{told.source}）", how.full - 2, how.full - 2)
    return _paged(lines, how)


def _paged(lines: Sequence[str], how: Setting) -> str:
    between = how.newline * (1 + how.blanks)
    text, page = "", 1
    for index, line in enumerate(lines):
        if index and how.page and index % how.page == 0:
            page += 1
            mark = f"{how.newline * 2}- {page} -{how.newline}" if how.marks else how.newline
            text += mark + ("\f" if how.feeds else "") + (" " if how.stray else "")
        text += line + between
    return text
