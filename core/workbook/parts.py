"""The small parts of a workbook: which sheets there are, the shared texts, what the formats mean.

Runs in the limited child only, after the gate: no part holds a document type.
"""

from __future__ import annotations

import itertools
import posixpath
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.workbook.archive import Buffer, Damaged, Entry, inflate
from core.workbook.values import format_kind

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_TEXT = 32_767
_MAX_FORMAT = 255
# Real parts nest less than twenty; a reader of XML gets slow on thousands.
DEEPEST = 64
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_SHARED = "/sharedStrings"
_STYLES = "/styles"
_WORKSHEET = "/worksheet"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet as the workbook lists it, and the part that holds it."""

    name: str
    state: str
    part: str


@dataclass(slots=True)
class Contents:
    """What the workbook's own part says."""

    sheets: list[SheetPart] = field(default_factory=list)
    date1904: bool = False
    strings: str = ""
    styles: str = ""


Package = Mapping[str, Entry]


def elements(data: Buffer, entries: Package, name: str) -> Iterator[ET.Element]:
    """Each element of a part at its end tag, while the part is inflated; Damaged when it is not XML."""
    entry = entries.get(name.lower())
    if entry is None:
        raise Damaged(f"no part {name}")
    parser: Any = ET.XMLPullParser(("start", "end"))
    depth = 0
    try:
        for chunk in itertools.chain(inflate(data, entry), (b"",)):
            if chunk:
                parser.feed(chunk)
            else:
                parser.close()
            for event, element in parser.read_events():
                if event == "start":
                    depth += 1
                    if depth > DEEPEST:
                        raise Damaged("nested too deeply")
                else:
                    depth -= 1
                    yield element
    except ET.ParseError as error:
        raise Damaged(f"no XML: {name}") from error


def local(element: ET.Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


def contents(data: Buffer, entries: Package) -> Contents:
    """The list of sheets and where texts and styles are."""
    answer = Contents()
    targets = _targets(data, entries, answer)
    for element in elements(data, entries, "xl/workbook.xml"):
        tag = local(element)
        if tag == "workbookPr":
            answer.date1904 = element.get("date1904", "0") in ("1", "true")
        elif tag == "sheet":
            key = element.get(_RELATION) or element.get(_STRICT_RELATION) or ""
            part = targets.get(key)
            if part:
                name, state = element.get("name", ""), element.get("state", "visible")
                answer.sheets.append(SheetPart(name, state, part))
    if not answer.sheets:
        raise Damaged("no sheet")
    return answer


def _targets(data: Buffer, entries: Package, answer: Contents) -> dict[str, str]:
    """The worksheets' parts by their key; notes the shared texts and the styles on the way."""
    targets = {}
    for element in elements(data, entries, "xl/_rels/workbook.xml.rels"):
        kind, target = element.get("Type", ""), element.get("Target", "")
        if element.get("TargetMode") == "External" or not target:
            continue
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if kind.endswith(_WORKSHEET):
            targets[element.get("Id", "")] = part
        elif kind.endswith(_SHARED):
            answer.strings = part
        elif kind.endswith(_STYLES):
            answer.styles = part
    return targets


def shared_strings(data: Buffer, entries: Package, name: str) -> list[str]:
    """The texts that cells point to by number."""
    answer: list[str] = []
    if name:
        for element in elements(data, entries, name):
            if element.tag.endswith("}si"):
                answer.append(text_of(element))
                element.clear()
    return answer


def text_of(element: ET.Element) -> str:
    """The text of a `<si>` or `<is>`: plain or in runs, without the phonetic guide."""
    pieces = []
    for child in element:
        tag = local(child)
        if tag == "t":
            pieces.append(child.text or "")
        elif tag == "r":
            pieces.extend(run.text or "" for run in child if local(run) == "t")
    return unescaped("".join(pieces))


def unescaped(text: str) -> str:
    """`_x000D_` as the character it stands for; cut where no cell can be longer."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text[: _MAX_TEXT + 1]


def style_kinds(data: Buffer, entries: Package, name: str) -> list[str]:
    """For each cell format, by number, what it shows: `d` day or time, `p` percentage, `n` other."""
    if not name:
        return ["n"]
    codes: dict[int, str] = {}
    formats: list[int] = []
    for element in elements(data, entries, name):
        tag = local(element)
        if tag == "numFmt" and not formats:
            codes[_int(element.get("numFmtId"))] = element.get("formatCode", "")[:_MAX_FORMAT]
        elif tag == "cellXfs":
            formats = [_int(xf.get("numFmtId")) for xf in element if local(xf) == "xf"]
    return [format_kind(number, codes.get(number)) for number in formats] or ["n"]


def _int(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0
