"""A past bulletin is read by how it is set; nothing is lost and nothing is guessed in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from news.rules.bulletin import accounted, read
from news.rules.bulletin_issue import BlockKind, Issue, SourceKind, issue_data
from tests.news.rules.bulletin_press import Setting, Told, press

FILLER = (
    "云州市孵化载体统计工作已经完成全市共有载体四十二家在孵企业保持增长"
    "服务人员按月走访企业并记录需求平台为团队提供场地设备与融资对接服务"
)


def prose(size: int, start: str = "") -> str:
    """A paragraph of `size` characters with commas inside and a full stop."""
    text = start + (FILLER * (size // len(FILLER) + 1))
    parts = [text[i : i + 17] for i in range(0, size, 17)]
    return "，".join(parts) + "。"


TWO = (
    (
        "平台之声",
        (
            Told(
                "澜江启动首批共享实验室开放预约服务",
                "“澜江孵化”微信公众号",
                (("p", prose(90, "三月五日")), ("p", prose(70, "据了解"))),
            ),
            Told(
                "松泽老厂房改造成专业孵化空间",
                "松泽市政府网站",
                (
                    ("p", prose(120, "日前")),
                    ("h", "先看场地再谈设备"),
                    ("p", prose(80, "改造")),
                    ("h", "让服务走到门口"),
                    ("p", prose(100, "园区")),
                ),
            ),
        ),
    ),
    (
        "远方来信",
        (
            Told(
                "鹭洲两级联动探索孵化接力",
                "根据相关材料整理",
                (("p", prose(150, "去年以来")),),
            ),
        ),
    ),
)


def shape(issue: Issue) -> list[tuple[str, list[tuple[str, str | None, list[tuple[str, str]]]]]]:
    return [
        (
            section.title,
            [
                (
                    article.title,
                    article.source.text if article.source else None,
                    [("p" if b.kind is BlockKind.PARAGRAPH else "h", b.text) for b in article.blocks],
                )
                for article in section.articles
            ],
        )
        for section in issue.sections
    ]


def told(sections: object) -> list[object]:
    return [
        (name, [(t.title, t.source, list(t.blocks)) for t in articles])
        for name, articles in sections  # type: ignore[attr-defined]
    ]


SETTINGS = {
    "blank line between every two": Setting(),
    "no blank lines": Setting(blanks=0),
    "pages with marks": Setting(page=7),
    "pages with marks and feeds": Setting(page=9, feeds=True),
    "stray spaces where a page began": Setting(page=8, marks=False, stray=True),
    "feeds without marks": Setting(page=8, marks=False, feeds=True),
    "narrow": Setting(full=44, title_full=36),
    "wide": Setting(full=76),
    "Windows line ends": Setting(newline="\r\n", page=10),
    "indents shown": Setting(shown=True, blanks=0),
    "indents shown, with marks": Setting(shown=True, page=6),
    "titles over two lines": Setting(title_full=22),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_the_same_issue_is_read_from_every_setting(name: str) -> None:
    text = press(TWO, SETTINGS[name])
    issue = read(text)
    assert shape(issue) == told(TWO)
    assert accounted(text, issue) == ()
    assert issue.doubts == ()


def test_a_bulletin_without_masthead_has_neither_number_nor_date() -> None:
    issue = read(press(TWO, Setting()))
    assert (issue.number, issue.date, issue.masthead) == (None, None, ())


@pytest.mark.parametrize(
    ("head", "number", "total", "day"),
    [
        (("孵化观察", "第12期", "2022年12月31日"), 12, None, date(2022, 12, 31)),
        (("孵化观察", "2024年第3期（总第143期）", "云州市中心 编 2024年3月20日"), 3, 143, date(2024, 3, 20)),
        (("孵 化 简 报", "第十二期", "二〇二二年十二月三十一日"), 12, None, date(2022, 12, 31)),
        (("简报", "（总第88期）", "云州市孵化服务中心编印"), None, 88, None),
        (("工作快报", "第 7 期", "2023-07-01"), 7, None, date(2023, 7, 1)),
    ],
)
def test_number_and_date_stand_in_the_masthead(
    head: tuple[str, ...], number: int | None, total: int | None, day: date | None
) -> None:
    text = press(TWO, Setting(head=head))
    issue = read(text)
    assert (issue.number, issue.total, issue.date) == (number, total, day)
    assert issue.masthead == head
    assert shape(issue) == told(TWO)
    assert accounted(text, issue) == ()


def test_a_date_that_does_not_exist_is_doubted() -> None:
    issue = read(press(TWO, Setting(head=("简报", "第2期", "2023年2月30日"))))
    assert issue.date is None
    assert any("日期" in str(doubt) for doubt in issue.doubts)


def test_contents_are_kept_apart_and_settle_what_is_a_section() -> None:
    head = (
        "孵化观察",
        "第5期",
        "2024年5月6日",
        "本期要目",
        "平台之声",
        "澜江启动首批共享实验室开放预约服务………… 1",
        "松泽老厂房改造成专业孵化空间………… 1",
        "远方来信",
        "鹭洲两级联动探索孵化接力………… 2",
    )
    text = press(TWO, Setting(head=head))
    issue = read(text)
    assert issue.contents == head[3:]
    assert shape(issue) == told(TWO)
    assert accounted(text, issue) == ()


def test_an_article_without_source_is_doubted_and_kept() -> None:
    sections = (("平台之声", (replace(TWO[0][1][0], source=None),)), TWO[1])
    text = press(sections, Setting())
    issue = read(text)
    assert shape(issue) == told(sections)
    first = issue.articles[0]
    assert any("没有读到来源" in str(doubt) for doubt in first.doubts)
    assert first.confidence < Decimal("0.8")


def test_an_issue_without_any_source_says_so() -> None:
    sections = tuple((name, tuple(replace(one, source=None) for one in articles)) for name, articles in TWO)
    text = press(sections, Setting())
    issue = read(text)
    assert accounted(text, issue) == ()
    assert any("没有来源行" in str(doubt) for doubt in issue.doubts)


def test_subheads_keep_their_place_between_paragraphs() -> None:
    article = read(press(TWO, Setting())).articles[1]
    assert [block.kind.value for block in article.blocks] == [
        "paragraph",
        "subhead",
        "paragraph",
        "subhead",
        "paragraph",
    ]
    assert article.subheads == ["先看场地再谈设备", "让服务走到门口"]
    assert any("小标题" in str(doubt) for doubt in article.doubts)


def test_editors_and_addressees_at_the_end_are_no_article() -> None:
    text = press(TWO, Setting()) + "编辑：王小样\n\n报送：云州市科技局\n"
    issue = read(text)
    assert issue.colophon == ("编辑：王小样", "报送：云州市科技局")
    assert shape(issue) == told(TWO)
    assert accounted(text, issue) == ()


def test_a_source_may_end_the_last_line_of_a_paragraph() -> None:
    text = "平台之声\n澜江启动首批共享实验室开放预约服务\n日前，澜江开放预约。（来源：《云州日报》）\n"
    issue = read(text)
    source = issue.articles[0].source
    assert source is not None
    assert (source.text, source.kind) == ("《云州日报》", SourceKind.PRESS)
    assert issue.articles[0].paragraphs == ["日前，澜江开放预约。"]
    assert accounted(text, issue) == ()


def test_whole_paragraphs_on_one_line_each() -> None:
    lines: list[str] = []
    for name, articles in TWO:
        lines.append(name)
        for one in articles:
            lines += [one.title, *(text for _, text in one.blocks), f"（来源：{one.source}）"]
    issue = read("\n".join(lines), wrapped=False)
    assert shape(issue) == told(TWO)


def test_a_space_inside_a_title_is_kept() -> None:
    sections = (("平台之声", (replace(TWO[0][1][0], title="澜江打造共享实验室 携手开放新空间"),)),)
    assert shape(read(press(sections, Setting()))) == told(sections)


def test_what_is_lost_is_said_with_its_place() -> None:
    text = press(TWO, Setting())
    issue = read(text)
    first = replace(issue.articles[0], blocks=issue.articles[0].blocks[1:])
    cut = replace(issue.sections[0], articles=(first, *issue.sections[0].articles[1:]))
    lost = accounted(text, replace(issue, sections=(cut, *issue.sections[1:])))
    assert len(lost) == 1
    assert "第 22 字" in str(lost[0])


@pytest.mark.parametrize(
    "text", ["", " \n\n", "- 2 -", "一行", "（来源：某网站）", "目录", "第1期", "。", "\f\f"]
)
def test_the_smallest_files_are_read_without_breaking(text: str) -> None:
    issue = read(text)
    assert accounted(text, issue) == ()
    assert issue.doubts or issue.articles[0].doubts


def test_the_exchange_form_has_the_agreed_keys() -> None:
    data = issue_data(read(press(TWO, Setting())))
    assert set(data) == {"number", "date", "sections"}
    article = data["sections"][0]["articles"][0]
    assert set(article) == {"title", "source", "paragraphs", "subheads", "confidence", "doubts"}
    assert article["source"] == {"text": "“澜江孵化”微信公众号", "kind": "wechat"}


HAN = st.sampled_from(sorted(set(FILLER)))
TITLES = st.text(HAN, min_size=10, max_size=18)
NAMES = st.text(HAN, min_size=4, max_size=4)
HEADS = st.text(HAN, min_size=5, max_size=14)
PIECES = st.one_of(
    st.text(HAN, min_size=4, max_size=20),
    st.sampled_from(["Open Lab", "5G", "13.5%", "2145家", "“一带一路”", "《行动方案》", "（引领类）", "AI"]),
)
SENTENCES = st.lists(PIECES, min_size=2, max_size=6).map("，".join)
TEXTS = st.lists(SENTENCES, min_size=2, max_size=5).map(lambda s: "日前，" + "。".join(s) + "。")
SOURCES = st.sampled_from(
    ["“某某孵化”微信公众号", "某市科技局网站", "《某某日报》", "根据《方案（试行）》整理"]
)
BLOCKS = st.builds(
    lambda first, rest: (
        ("p", first),
        *(block for head, text in rest for block in (*((("h", head),) if head else ()), ("p", text))),
    ),
    TEXTS,
    st.lists(st.tuples(st.none() | HEADS, TEXTS), max_size=4),
)
ISSUES = st.lists(
    st.tuples(NAMES, st.lists(st.builds(Told, TITLES, SOURCES, BLOCKS), min_size=1, max_size=3)),
    min_size=1,
    max_size=4,
)
LAYOUTS = st.builds(
    Setting,
    full=st.sampled_from([48, 52, 58, 64]),
    blanks=st.sampled_from([0, 1]),
    page=st.sampled_from([0, 7, 11, 23]),
    marks=st.booleans(),
    feeds=st.booleans(),
    stray=st.booleans(),
    shown=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n"]),
)


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(ISSUES, LAYOUTS)
def test_any_issue_comes_back_or_the_reader_says_where_it_is_unsure(
    sections: list[tuple[str, list[Told]]], how: Setting
) -> None:
    text = press(sections, how)
    issue = read(text)
    assert accounted(text, issue) == ()
    if any("行宽不能确定" in str(doubt) for doubt in issue.doubts):
        return
    expected = told(sections)
    found = shape(issue)
    assert [name for name, _ in found] == [name for name, _ in expected]  # type: ignore[misc,attr-defined]
    for (_, have), (_, want), section in zip(found, expected, issue.sections, strict=True):  # type: ignore[misc,attr-defined]
        assert [(t, s) for t, s, _ in have] == [(t, s) for t, s, _ in want]
        for got, asked, article in zip(have, want, section.articles, strict=True):
            unsure = any("它也可能" in str(doubt) for doubt in article.doubts)
            assert got == asked or unsure
