"""Bulletins as files: DOCX and PDF in the layout of official bulletins, from one and the same sheet."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from news.rules.bulletin_issue import Issue
from news.rules.bulletin_out import ArticleSheet, Imprint, Sheet, sheet
from office.services.documents import render

WORD_FONT = "仿宋"
RED, BLUE = RGBColor(0xC3, 0x12, 0x1F), RGBColor(0x0B, 0x5C, 0xAD)


def bulletin_pdf(*, issue: Issue, imprint: Imprint) -> bytes:
    """The bulletin as a PDF with text; the words reach the printer as data, never as its source."""
    return render("news/bulletin", sheet(issue, imprint))


def bulletin_docx(*, issue: Issue, imprint: Imprint) -> bytes:
    """The bulletin as a Word file with heading styles, page marks and contents."""
    printed = sheet(issue, imprint)
    document = Document()
    _page(document)
    _masthead(document, printed)
    for section in printed["sections"]:
        if section["title"]:
            band = document.add_paragraph(style="Heading 1")
            _run(band, section["title"], 14, bold=True, color=BLUE)
        for article in section["articles"]:
            _article(document, article)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Word) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(28)
    section.top_margin, section.bottom_margin = Mm(30), Mm(28)
    mark = section.footer.paragraphs[0]
    mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
    mark.add_run("- ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    mark._p.append(field)
    mark.add_run(" -")


def _masthead(document: Word, printed: Sheet) -> None:
    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    name = document.add_paragraph()
    name.alignment = centre
    _run(name, printed["name"], 50, bold=True, color=RED)
    for text, place in ((printed["number"], centre), (printed["editor"], None), (printed["date"], right)):
        if text:
            line = document.add_paragraph()
            line.alignment = place
            _run(line, text, 13)
    head = document.add_paragraph()
    head.alignment = centre
    _run(head, printed["contents"], 15, bold=True)
    for section in printed["sections"]:
        if section["title"]:
            _run(document.add_paragraph(), section["title"], 12, bold=True, color=BLUE)
        for article in section["articles"]:
            _run(document.add_paragraph(), article["title"], 12)


def _article(document: Word, article: ArticleSheet) -> None:
    title = document.add_paragraph(style="Heading 2")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, article["title"], 16, bold=True)
    for block in article["blocks"]:
        head = block["kind"] == "subhead"
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Pt(26)
        paragraph.paragraph_format.line_spacing = Pt(24.5)
        paragraph.paragraph_format.keep_with_next = head
        _run(paragraph, block["text"], 13, bold=head)
    if article["source"]:
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(line, article["source"], 11)


def _run(
    paragraph: Paragraph, text: str, size: float, *, bold: bool = False, color: RGBColor | None = None
) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, WORD_FONT
    run.font.color.rgb = color or RGBColor(0, 0, 0)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), WORD_FONT)
