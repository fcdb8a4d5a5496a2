"""Reads the text of a past bulletin into sections and articles, and proves that nothing was lost.

The reader goes by how bulletins are set, never by a list of names: a source line ends an article,
short lines after it are section name and title, the margin tells where paragraphs end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.text import T, Text
from news.rules.bulletin_blocks import Piece, pieces_of
from news.rules.bulletin_front import read_front
from news.rules.bulletin_heads import (
    Doubt,
    Head,
    doubt,
    head_end,
    is_section_name,
    looks_body,
    read_head,
)
from news.rules.bulletin_issue import Article, Block, BlockKind, Issue, Section, Source
from news.rules.bulletin_lines import Layout, Line, bare, layout_of, lines_of
from news.rules.bulletin_sources import BARE_LEAD, LEAD, Found, source_at

SUREST = Decimal("0.98")
COLOPHON = re.compile(
    r"(?:[（(【]?\s*)(?:主办|承办|编印|编辑|责任编辑|责编|编审|审核|审签|签发|校对|主编|报\s*送|抄\s*送|分\s*送"
    r"|发\s*送|报|送|发|抄报|联系人|联系电话|联系地址|电话|传真|地址|邮编|邮箱|网址|投稿|印数|主题词|内部资料)"
    r"\s*[:：].*|.{2,30}\d{4}年\d{1,2}月\d{1,2}日\s*印发|[（(]?共印\s*\d+\s*份[）)]?"
)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An article before it is placed in a section."""

    head: Head
    pieces: tuple[Piece, ...]
    source: Source | None
    doubts: tuple[Doubt, ...] = field(default=())


def read(text: str, *, wrapped: bool | None = None) -> Issue:
    """The issue in `text`. `wrapped` False says every line is a whole paragraph; None: find out.

    Nothing is dropped: where the accounting finds a difference, the issue says so as a doubt.
    """
    lines = lines_of(text)
    front = read_front(lines)
    rest = lines[front.end :]
    layout = layout_of(rest, wrapped)
    body = rest[: len(rest) - _colophon_size(rest)]
    drafts = _drafts(body, layout, front.entries)
    issue = Issue(
        sections=_sections(drafts),
        number=front.number,
        total=front.total,
        date=front.date,
        masthead=front.masthead,
        contents=front.contents,
        colophon=tuple(line.text for line in rest[len(body) :]),
        doubts=(*front.doubts, *_general_doubts(drafts, layout, body)),
    )
    lost = accounted(text, issue)
    return replace(issue, doubts=(*lost, *issue.doubts)) if lost else issue


def accounted(text: str, issue: Issue) -> tuple[Text, ...]:
    """Compares the file with all that was read, character by character and in order.

    Left aside are white space, page marks and the brackets with 来源：, nothing else. Empty when
    every character is there; otherwise one sentence with the place of the first difference.
    """
    printed = "".join(bare(line.text) for line in lines_of(text))
    held = bare("".join(_held(issue)))
    if printed == held:
        return ()
    size = min(len(printed), len(held))
    at = next((i for i in range(size) if printed[i] != held[i]), size)
    return (
        T(
            "读出的内容与原文不一致：原文第 {place} 字起为“{printed}”，读出的是“{held}”。请逐段核对。",
            place=at + 1,
            printed=printed[at : at + 12],
            held=held[at : at + 12],
        ),
    )


def _held(issue: Issue) -> Iterable[str]:
    yield from (*issue.masthead, *issue.contents)
    for section in issue.sections:
        yield section.title
        for article in section.articles:
            yield article.title
            yield from (block.text for block in article.blocks)
            if article.source:
                yield article.source.lead + article.source.text + article.source.tail
    yield from issue.colophon


def _colophon_size(lines: Sequence[Line]) -> int:
    """How many of the last lines name editors and addressees rather than tell news."""
    size = 0
    for back in range(1, min(len(lines), 16) + 1):
        if source_at(lines, len(lines) - back):
            break
        if COLOPHON.fullmatch(lines[-back].text):
            size = back
    return size


def _drafts(lines: Sequence[Line], layout: Layout, entries: frozenset[str]) -> list[_Draft]:
    drafts: list[_Draft] = []
    chunk: list[Line] = []
    index = 0
    while index < len(lines):
        found = source_at(lines, index)
        if found is None:
            chunk.append(lines[index])
            index += 1
            continue
        if found.before:
            chunk.append(replace(lines[index], text=found.before))
        drafts += _articles(chunk, found, layout, entries, opening=not drafts)
        chunk, index = [], found.end
    if chunk:
        drafts += _articles(chunk, None, layout, entries, opening=not drafts)
    return drafts


def _articles(
    lines: Sequence[Line],
    found: Found | None,
    layout: Layout,
    entries: frozenset[str],
    *,
    opening: bool,
) -> list[_Draft]:
    """The articles between two sources: one, or more where some name no source."""
    if not lines:
        empty = doubt(T("来源之前没有正文，请核对。"), "0.6")
        head = Head("" if opening else None, "")
        return [_Draft(head, (), found.source if found else None, (empty,))]
    drafts: list[_Draft] = []
    for part in _parts(lines, layout, entries):
        first = opening and not drafts
        drafts.append(_draft(part, layout, entries, opening=first))
    last = drafts[-1]
    if found:
        unsure = (doubt(T("末行按来源处理，虽未写“来源”二字。"), "0.1"),) if found.unsure else ()
        drafts[-1] = replace(last, source=found.source, doubts=(*last.doubts, *unsure))
    missing = doubt(T("没有读到来源，请补充。"), "0.25")
    return [d if d.source else replace(d, doubts=(*d.doubts, missing)) for d in drafts]


def _parts(
    lines: Sequence[Line], layout: Layout, entries: frozenset[str]
) -> list[tuple[Sequence[Line], list[Piece]]]:
    """Head lines and pieces of each article of a chunk; a new one begins at a head inside it."""
    cut = 0 if looks_body(lines, 0, layout) else head_end(lines, layout)
    parts: list[tuple[Sequence[Line], list[Piece]]] = [(lines[:cut], [])]
    run: list[Piece] = []
    for piece in pieces_of(lines[cut:], layout):
        if piece.kind is BlockKind.SUBHEAD:
            run.append(piece)
            continue
        if _is_head(run, entries) and (parts[-1][1] or parts[-1][0]):
            parts.append(([line for one in run for line in one.lines], []))
        else:
            parts[-1][1].extend(run)
        run = []
        parts[-1][1].append(piece)
    parts[-1][1].extend(run)
    return parts


def _is_head(run: Sequence[Piece], entries: frozenset[str]) -> bool:
    """Whether short lines inside a text open another article: the contents name them, or a section
    name stands over a title."""
    if not run:
        return False
    joined = [bare("".join(piece.text for piece in run[at:])) for at in range(len(run))]
    if any(name in entries for name in joined):
        return True
    if len(run) < 2 or len(run[0].text) >= len(run[1].text):
        return False
    return is_section_name(run[0].text, entries) and len(bare(run[0].text)) <= 6


def _draft(
    part: tuple[Sequence[Line], list[Piece]],
    layout: Layout,
    entries: frozenset[str],
    *,
    opening: bool,
) -> _Draft:
    head_lines, pieces = part
    doubts: list[Doubt] = []
    if head_lines:
        head = read_head(head_lines, entries, opening)
    else:
        head = Head("" if opening else None, "")
        doubts.append(doubt(T("没有读到标题，正文直接开始。"), "0.5"))
    if not pieces:
        doubts.append(doubt(T("没有读到正文。"), "0.5"))
    doubts += [one for piece in pieces for one in piece.doubts]
    heads = [piece.text for piece in pieces if piece.kind is BlockKind.SUBHEAD]
    if heads:
        sentence = T(
            "{count} 行短句按小标题处理：{heads}。其中若有另一篇的标题，请拆开。",
            count=len(heads),
            heads="、".join(f"“{text}”" for text in heads),
        )
        doubts.append(doubt(sentence, "0.05"))
    return _Draft(head, tuple(pieces), None, tuple(doubts))


def _sections(drafts: Sequence[_Draft]) -> tuple[Section, ...]:
    sections: list[Section] = []
    for draft in drafts:
        article = _article(draft)
        if draft.head.section is not None or not sections:
            sections.append(Section(draft.head.section or "", (article,)))
        else:
            last = sections[-1]
            sections[-1] = Section(last.title, (*last.articles, article))
    return tuple(sections)


def _article(draft: _Draft) -> Article:
    doubts = (*draft.head.doubts, *draft.doubts)
    confidence = SUREST
    for one in doubts:
        confidence *= 1 - one.weight
    return Article(
        title=draft.head.title,
        source=draft.source,
        blocks=tuple(Block(piece.kind, piece.text) for piece in draft.pieces),
        confidence=confidence.quantize(Decimal("0.01")),
        doubts=tuple(one.text for one in doubts),
    )


def _general_doubts(drafts: Sequence[_Draft], layout: Layout, body: Sequence[Line]) -> tuple[Text, ...]:
    doubts: list[Text] = []
    if not body:
        doubts.append(T("文件里没有读到文章。"))
    elif not any(draft.source for draft in drafts):
        doubts.append(T("全文没有来源行，文章之间的分界不能确定，请逐篇核对。"))
    if body and not layout.sure:
        doubts.append(T("整行太少，行宽不能确定，段落和标题的分界请逐处核对。"))
    for draft in drafts:
        source = draft.source
        if source and not (LEAD.match(source.lead) or BARE_LEAD.match(source.lead)):
            doubts.append(T("来源“{text}”前没有“来源：”，请核对。", text=source.text))
    return tuple(doubts)
