"""Letters that can be read, searched and checked, and in which text stays text."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pypdf
import pytest

from office.services import documents

HOSTILE = '#panic("x") *粗* $x^2$ #import "/etc/passwd": a \\ ] } `raw` <label> @ref // 注 “引号” \u202e'


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def letter(**data: object) -> str:
    return text_of(documents.render("office/letter", {"title": "告知书", "paragraphs": [], **data}))


def test_the_chinese_text_of_a_letter_can_be_read_back() -> None:
    found = letter(
        to="示例孵化器",
        number="示科孵〔2026〕3号",
        paragraphs=["经评价，贵单位得分八十六点五。", "特此告知。"],
        rows=[["补助金额", "1,000,000.00 元"]],
        **{"from": "示例中心", "day": "2026年3月18日"},
    )
    for words in (
        "告知书",
        "示例孵化器：",
        "〔2026〕3号",
        "得分八十六点五",
        "补助金额",
        "1,000,000.00元",
        "示例中心",
    ):
        assert words in found


def test_what_a_person_wrote_stays_text_whatever_it_looks_like() -> None:
    found = letter(title=HOSTILE, paragraphs=[HOSTILE], rows=[[HOSTILE, HOSTILE]])
    expected = "".join(HOSTILE.replace("\u202e", "").split())
    assert found.replace("\u202e", "").count(expected[:40]) == 4


def test_a_template_outside_the_rooms_cannot_be_named() -> None:
    for name in ("office/../../etc/passwd", "office/none", "letter", "/etc/passwd", "office/letter.typ"):
        with pytest.raises(FileNotFoundError):
            documents.render(name, {})


def test_a_qr_code_is_a_picture_without_anything_else() -> None:
    code = ElementTree.fromstring(documents.qr("http://127.0.0.1:8000/v/8Q2K"))  # noqa: S314  our own output
    assert code.tag == "{http://www.w3.org/2000/svg}svg"
    assert {child.tag for child in code} == {"{http://www.w3.org/2000/svg}path"}
    assert documents.render("office/letter", {"title": "证书", "qr": documents.qr("x")})[:5] == b"%PDF-"
