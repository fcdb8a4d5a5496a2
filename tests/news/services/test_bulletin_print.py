"""A bulletin that goes out as DOCX or PDF reads back as the same sections, titles, sources, paragraphs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from news.rules.bulletin import accounted, read
from news.rules.bulletin_issue import Block, BlockKind, Issue
from news.rules.bulletin_out import Imprint, bulletin_html, number_words
from news.services.bulletin_files import bulletin_text
from news.services.bulletin_print import bulletin_docx, bulletin_pdf
from tests.news.rules.bulletin_press import Setting, press
from tests.news.rules.test_bulletin import TWO, shape

IMPRINT = Imprint(name="孵化观察", editor="云州市孵化服务中心")
ISSUE = replace(read(press(TWO, Setting())), number=11, total=143, date=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", bulletin_docx(issue=ISSUE, imprint=IMPRINT)),
        ("a.pdf", bulletin_pdf(issue=ISSUE, imprint=IMPRINT)),
    ],
)
def test_what_goes_out_reads_back_as_it_was(name: str, content: bytes) -> None:
    found = bulletin_text(name=name, content=content)
    back = read(found.text, wrapped=found.wrapped)
    assert shape(back) == shape(ISSUE)
    assert (back.number, back.total, back.date) == (11, 143, date(2026, 11, 20))
    assert accounted(found.text, back) == ()
    assert [a.source for a in back.articles] == [a.source for a in ISSUE.articles]


def test_words_of_people_stay_words() -> None:
    evil = replace(
        ISSUE.articles[0],
        title='#panic("x") <b>$标题$ \\ *一* @a',
        blocks=(Block(BlockKind.PARAGRAPH, '#import "x.typ": * <script>alert(1)</script>，照印。'),),
    )
    issue = Issue((replace(ISSUE.sections[0], articles=(evil,)),), number=1)
    content = bulletin_pdf(issue=issue, imprint=IMPRINT)
    assert '#panic("x")' in bulletin_text(name="a.pdf", content=content).text
    page = bulletin_html(issue, IMPRINT)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_html_keeps_the_order_of_subheads() -> None:
    page = bulletin_html(ISSUE, IMPRINT)
    assert page.index("先看场地再谈设备") < page.index("让服务走到门口")
    assert page.count("<h2>") == 2
    assert "（来源：松泽市政府网站）" in page


def test_number_words() -> None:
    assert number_words(ISSUE) == "2026年第11期（总第143期）"
    assert number_words(replace(ISSUE, date=None, total=None)) == "第11期"
    assert number_words(replace(ISSUE, number=None, total=None)) == ""
