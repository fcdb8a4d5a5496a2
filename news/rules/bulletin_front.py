"""What stands before the first section of a bulletin: masthead with number and date, contents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from core.text import T, Text
from news.rules.bulletin_lines import Line, bare, ends_sentence

DIGITS = "〇零○一二三四五六七八九"
CN = "〇零○一二三四五六七八九十百两"
NUMBER = re.compile(rf"(?<!总)(?<!总第)第\s*([0-9０-９{CN}]{{1,7}})\s*[期号]")
TOTAL = re.compile(rf"总\s*(?:第\s*)?([0-9０-９{CN}]{{1,7}})\s*期")
DATE = re.compile(r"((?:19|20)\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
CN_DATE = re.compile(rf"([{DIGITS}]{{4}})\s*年\s*([{CN}]{{1,3}})\s*月\s*([{CN}]{{1,3}})\s*日")
NAME = re.compile(r".{0,20}(?:简报|快报|通讯|内参|专报|要报|信息|动态|参考|月报|周报|季报|报告|导刊|通报)")
ISSUER = re.compile(r".{2,40}(?:编印|主办|承办|主管|编|编辑部|办公室|编制|印发)")
CONTENTS = re.compile(r"[【\[]?(?:本期(?:要目|目录|导读|导览|看点|内容|要点)|要目|目录|内容提要|目次)[】\]]?")
LEADER = re.compile(r"[.．…·・‥_\s—-]*[(（]?\d{1,3}[)）]?$")
BULLET = re.compile(r"^[•·●◆■□▲★☆※◎○▪\s]+")
LOOK = 20  # printed lines a masthead may reach over


@dataclass(frozen=True, slots=True)
class Front:
    """The front matter and the index of the first line behind it."""

    masthead: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    number: int | None = None
    total: int | None = None
    date: date | None = None
    end: int = 0
    doubts: tuple[Text, ...] = ()
    entries: frozenset[str] = field(default_factory=frozenset)


def number_of(text: str) -> int | None:
    """`12`, `１２`, `十二`, `一百零三`, `二〇` as a figure; None if it is none."""
    if text.isdigit():
        return int(text)
    if not text or any(char not in CN for char in text):
        return None
    values = {char: max(0, i - 2) for i, char in enumerate(DIGITS)} | {"两": 2}
    if not set(text) & {"十", "百"}:
        return int("".join(str(values[char]) for char in text))
    total = digit = 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = values[char]
    return total + digit


def date_of(text: str) -> date | None:
    """The first full date in `text`; None if there is none or no such day exists."""
    plain = DATE.search(text)
    if plain:
        parts: list[int | None] = [int(part) for part in plain.groups()]
    else:
        found = CN_DATE.search(text)
        parts = [number_of(part) for part in found.groups()] if found else []
    if len(parts) != 3 or None in parts:
        return None
    year, month, day = (part or 0 for part in parts)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def entry(text: str) -> str:
    """An entry of the contents without bullet, dot leader, page number and white space."""
    return bare(LEADER.sub("", BULLET.sub("", text)))


def read_front(lines: Sequence[Line]) -> Front:
    """Splits masthead and contents off the lines of a bulletin, whichever comes first."""
    at = next((i for i, line in enumerate(lines[: 2 * LOOK]) if _is_contents(line)), None)
    head_end = _masthead_end(lines[: LOOK if at is None else min(at, LOOK)])
    between = [] if at is None else lines[head_end:at]
    if at and 0 < len(between) <= 6 and not any("。" in line.text for line in between):
        head_end = at  # what is printed between the date and the contents belongs to the head
    if at is not None and at != head_end:
        at = None
    contents_end, entries = head_end, frozenset[str]()
    doubts: tuple[Text, ...] = ()
    if at is not None:
        contents_end, doubts, entries = _contents(lines, at)
    masthead = tuple(line.text for line in lines[:head_end])
    number, total, day, unsure = _marks(masthead)
    return Front(
        masthead=masthead,
        contents=tuple(line.text for line in lines[head_end:contents_end]),
        number=number,
        total=total,
        date=day,
        end=contents_end,
        doubts=(*unsure, *doubts),
        entries=entries,
    )


def _marks(
    masthead: Sequence[str],
) -> tuple[int | None, int | None, date | None, tuple[Text, ...]]:
    text = "\n".join(masthead)
    found, summed = NUMBER.search(text), TOTAL.search(text)
    number = number_of(found.group(1)) if found else None
    total = number_of(summed.group(1)) if summed else None
    day = date_of(text)
    doubts: list[Text] = []
    if masthead and number is None:
        doubts.append(T("刊头里没有读到期号，请核对。"))
    if masthead and day is None:
        doubts.append(T("刊头里没有读到日期，或日期不存在，请核对。"))
    return number, total, day, tuple(doubts)


def _is_contents(line: Line) -> bool:
    return CONTENTS.fullmatch(bare(line.text)) is not None


def _is_mark(text: str) -> bool:
    """A short line that is there for its number or its date."""
    if len(text) > 45 or ends_sentence(text) or "，" in text:
        return False
    return (bool(NUMBER.search(text) or TOTAL.search(text)) and len(bare(text)) <= 30) or (
        bool(DATE.search(text) or CN_DATE.search(text)) and len(bare(text)) <= 40
    )


def _masthead_end(lines: Sequence[Line]) -> int:
    """The index behind the masthead: its last number, date or issuer line; 0 if there is none."""
    end = 0
    for index, line in enumerate(lines):
        if "。" in line.text or "来源" in line.text:
            break
        begun = end > 0 and index <= end + 1
        if (_is_mark(line.text) and (index < 6 or begun)) or (
            begun and index == end and ISSUER.fullmatch(line.text) and len(line.text) <= 30
        ):
            end = index + 1
    if end == 0 and len(lines) >= 3 and NAME.fullmatch(bare(lines[0].text)):
        short = [line for line in lines[1:3] if not ends_sentence(line.text) and len(line.text) < 25]
        # a name alone is a masthead only where a section and a title still follow it
        end = 1 if len(short) == 2 and len(bare(lines[0].text)) > 4 else 0
    return end


def _contents(lines: Sequence[Line], at: int) -> tuple[int, tuple[Text, ...], frozenset[str]]:
    """Where the contents end: at the second printing of their first entry, else at the last leader."""
    first = entry(lines[at + 1].text) if at + 1 < len(lines) else ""
    end = None
    for index in range(at + 2, len(lines)):
        if "。" in lines[index].text:
            break
        if first and bare(lines[index].text) == first:
            end = index
            break
    doubts: tuple[Text, ...] = ()
    if end is None:
        end = at + 1
        while end < len(lines) and re.search(r"[.．…·・‥_\s]{2,}\d{1,3}$", lines[end].text):
            end += 1
        doubts = (T("目录在哪一行结束不能确定，请核对目录与正文的分界。"),)
    return end, doubts, _entries(lines[at + 1 : end])


def _entries(lines: Sequence[Line]) -> frozenset[str]:
    """The names the contents give; an entry that runs over a line is known whole and in parts."""
    names: set[str] = set()
    open_text = ""
    for line in lines:
        name = entry(line.text)
        names.add(name)
        names.add(open_text + name)
        numbered = LEADER.search(line.text) is not None
        open_text = "" if numbered else open_text + name
    return frozenset(names - {""})
