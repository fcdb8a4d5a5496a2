"""The line that ends an article and says where it came from: `（来源：…）` in its several shapes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from news.rules.bulletin_issue import Source, SourceKind
from news.rules.bulletin_lines import Line, ends_sentence, glue

WORD = r"(?:本文|文章|资料|信息|稿件|新闻|内容|图文|文字|素材)?来\s*源\s*[:：]"
LEAD = re.compile(rf"[（(【\[〔]\s*{WORD}\s*")
BARE_LEAD = re.compile(rf"{WORD}\s*")
PAIRS = {"（": "）", "(": ")", "【": "】", "[": "]", "〔": "〕"}
# 来源 left out: only where the whole line stands in brackets and says how the text was made
MADE = re.compile(r"[（(](?:根据|综合|摘编自|摘自|转自|转载自|据).{2,80}[）)]|[（(].{2,40}(?:整理|供稿)[）)]")
LONGEST = 5  # lines a source may run over

KINDS: tuple[tuple[SourceKind, re.Pattern[str]], ...] = (
    (SourceKind.EDITED, re.compile(r"^(?:根据|依据|综合)|(?:整理|编辑|汇编|编写)$")),
    (SourceKind.WECHAT, re.compile(r"微信|公众号|公众平台|视频号")),
    (SourceKind.WEBSITE, re.compile(r"网站|官网|门户|网[”」》]?$|网页")),
    (
        SourceKind.PRESS,
        re.compile(
            r"[日晚早时导周月快]报|报[”」》]?$|通讯社|新华社|中新社|新闻社|杂志|周刊|电视台|广播电台|客户端|融媒体"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A source read from `lines[start:end]`; `before` is text of the first line that precedes it."""

    source: Source
    start: int
    end: int
    before: str
    unsure: bool = False


def kind_of(text: str) -> SourceKind:
    """The kind of a source by its wording; a compilation stays one whatever it is made from."""
    for kind, pattern in KINDS:
        if pattern.search(text.strip()):
            return kind
    return SourceKind.OTHER


def source_at(lines: Sequence[Line], start: int) -> Found | None:
    """The source that begins on `lines[start]`, or None."""
    text = lines[start].text
    opened = _opening(lines, start)
    if opened is not None:
        found = _bracketed(lines, start, opened)
        if found:
            return found
    bare = BARE_LEAD.match(text)
    if bare and text[bare.end() :]:
        inner = text[bare.end() :]
        return Found(Source(inner, kind_of(inner), bare.group(), ""), start, start + 1, "")
    if MADE.fullmatch(text) and not ends_sentence(text):
        inner = text[1:-1]
        source = Source(inner, kind_of(inner), text[0], text[-1])
        return Found(source, start, start + 1, "", unsure=True)
    return None


def _opening(lines: Sequence[Line], start: int) -> int | None:
    """Where on the first line the bracket opens; 来源： itself may run over to the next line."""
    text = lines[start].text
    after = lines[start + 1].text if start + 1 < len(lines) else ""
    for match in LEAD.finditer(text + after):
        at = match.start()
        if at < len(text) and (at == 0 or ends_sentence(text[:at].rstrip())):
            return at
    return None


def _bracketed(lines: Sequence[Line], start: int, at: int) -> Found | None:
    pieces = [lines[start].text[at:]]
    for end in range(start + 1, min(start + 1 + LONGEST, len(lines) + 1)):
        whole = glue(pieces)
        depth = sum((char in PAIRS) - (char in PAIRS.values()) for char in whole)
        if depth <= 0:
            break
        if end < len(lines):
            pieces.append(lines[end].text)
    lead = LEAD.match(whole)
    closed = re.search(r"[）)】\]〕]。?$", whole)
    if depth > 0 or not lead or not closed:
        return None
    inner = whole[lead.end() : closed.start()].strip()
    source = Source(inner, kind_of(inner), lead.group(), closed.group())
    before = lines[start].text[:at].rstrip()
    return Found(source, start, end, before)
