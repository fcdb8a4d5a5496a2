"""Workbooks made by hand, byte by byte, as an attacker or a careless program would make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from core.problems import Problem, Refused
from core.workbook.gate import Limits
from core.workbook.reader import read_book

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def sheet_xml(rows: str, *, before: str = "", after: str = "") -> str:
    return f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def workbook_parts(
    sheets: Mapping[str, str],
    *,
    strings: str = "",
    formats: str = "",
    date1904: bool = False,
    states: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """The parts of a small workbook: sheet name → XML of its rows or a whole sheet part."""
    listed, links, kinds = "", "", ""
    parts = {}
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        state = f' state="{states[name]}"' if states and name in states else ""
        listed += f'<sheet name="{name}" sheetId="{number}"{state} r:id="rId{number}"/>'
        links += (
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
        )
        kinds += f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/xml"/>'
        content = rows if rows.startswith("<?xml") else sheet_xml(rows)
        parts[f"xl/worksheets/sheet{number}.xml"] = content.encode()
    links += f'<Relationship Id="rId90" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    links += f'<Relationship Id="rId91" Type="{_OFFICE}/styles" Target="/xl/styles.xml"/>'
    parts["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{strings}</sst>'.encode()
    parts["xl/styles.xml"] = (
        f'{HEAD}<styleSheet xmlns="{MAIN}">{formats or _formats({})}</styleSheet>'.encode()
    )
    calendar = '<workbookPr date1904="1"/>' if date1904 else ""
    parts["xl/workbook.xml"] = (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">{calendar}<sheets>{listed}</sheets></workbook>'
    ).encode()
    parts["xl/_rels/workbook.xml.rels"] = (
        f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'.encode()
    )
    parts["_rels/.rels"] = (
        f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ).encode()
    parts["[Content_Types].xml"] = _types(kinds)
    return parts


def _types(kinds: str) -> bytes:
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>'
    ).encode()


def _formats(codes: Mapping[int, str]) -> str:
    listed = "".join(f'<numFmt numFmtId="{n}" formatCode="{c}"/>' for n, c in codes.items())
    return f'<numFmts>{listed}</numFmts><cellXfs><xf numFmtId="0"/></cellXfs>'


def styles(*formats: int | str) -> str:
    """Cell formats by number: built-in ones as numbers, own ones as their code."""
    codes = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode="{form}"/>'
        for at, form in enumerate(formats)
        if isinstance(form, str)
    )
    listed = "".join(
        f'<xf numFmtId="{200 + at if isinstance(form, str) else form}"/>' for at, form in enumerate(formats)
    )
    return f"<numFmts>{codes}</numFmts><cellXfs>{listed}</cellXfs>"


def packed(parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def workbook(sheets: Mapping[str, str], **options: object) -> bytes:
    return packed(workbook_parts(sheets, **options))  # type: ignore[arg-type]


def small() -> dict[str, bytes]:
    """A plain workbook that is let through: 名单 with two cells."""
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>35</v></c></row>'
    return workbook_parts({"名单": row})


def refusal(data: bytes, limits: Limits | None = None) -> Problem:
    """The one problem for which the reader refuses this file."""
    with pytest.raises(Refused) as caught:
        read_book(data, limits=limits)
    (problem,) = caught.value.problems
    return problem
