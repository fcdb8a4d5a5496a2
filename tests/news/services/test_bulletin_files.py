"""Files of past bulletins: every kind of text is read, every broken one refused in a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from pypdf import PdfWriter

from core.problems import Refused
from news.services.bulletin_files import LARGEST_FILE, bulletin_text

TEXT = "平台之声\n澜江启动首批共享实验室\n日前，实验室开放。\n（来源：云州网）\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_in_the_usual_encodings(encoding: str) -> None:
    assert bulletin_text(name="一期.txt", content=TEXT.encode(encoding)).text == TEXT


def word(*paragraphs: str) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.add_table(1, 2).cell(0, 1).text = "表内一格"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_word_gives_a_line_for_each_paragraph_and_cell() -> None:
    found = bulletin_text(name="一期.DOCX", content=word("甲", "乙"))
    assert found.wrapped is False
    assert found.text.split() == ["甲", "乙", "表内一格"]


def blank_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for part in range(5):
            package.writestr(f"word/{part}.xml", b"\0" * (50 * 1024 * 1024))
    return buffer.getvalue()


def other_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("a.txt", "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.txt", b"", "空"),
        ("a.txt", b"\x81", "编码"),
        ("a.txt", b"a\0b", "编码"),
        ("a.xls", b"abc", ".txt"),
        ("a", b"abc", ".txt"),
        ("a.txt", b"a" * (LARGEST_FILE + 1), "20 MB"),
        ("a.txt", b"a" * 2_000_001, "200 万字"),
        ("a.docx", b"not a package", "损坏"),
        ("a.docx", other_zip(), "损坏"),
        ("a.docx", bomb(), "解压"),
        ("a.pdf", b"not a pdf", "损坏"),
        ("a.pdf", blank_pdf()[:100], "损坏"),
        ("a.pdf", blank_pdf(), "扫描件"),
    ],
)
def test_refused_in_a_sentence(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        bulletin_text(name=name, content=content)
    assert sentence in str(refused.value.problems[0].message)
    assert refused.value.problems[0].place == name
