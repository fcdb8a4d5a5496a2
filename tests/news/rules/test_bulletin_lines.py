"""Printed lines, page marks, and how lines are rejoined."""

from __future__ import annotations

import pytest

from news.rules.bulletin_lines import glue, is_page_mark, lines_of


@pytest.mark.parametrize(
    "mark", ["- 2 -", "-2-", "— 12 —", "－3－", "~ 4 ~", "第 2 页", "第2页 共9页", " - 2 - "]
)
def test_page_marks(mark: str) -> None:
    assert is_page_mark(mark)
    assert lines_of(f"上一行\n\n{mark}\n\n下一行")[1].gap is None


@pytest.mark.parametrize("text", ["2", "-", "2022-2024", "10万元", "第2页说明", "1/4", "- 甲 -"])
def test_text_that_is_no_page_mark(text: str) -> None:
    assert not is_page_mark(text)


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["孵化", "载体"], "孵化载体"),
        (["孵化器244", "家"], "孵化器244家"),
        (["依托Open", "Lab的资源"], "依托Open Lab的资源"),
        (["依托Open Lab", "的资源"], "依托Open Lab的资源"),
        (["从0-", "1的企业"], "从0-1的企业"),
        (["占1/4，", "1家"], "占1/4，1家"),
        (["Labs Co.,", "Ltd"], "Labs Co., Ltd"),
        (["参考", "AI模式"], "参考AI模式"),
        (["well-", "known"], "well-known"),
        ([], ""),
    ],
)
def test_rejoined_lines_have_spaces_only_between_latin_words(pieces: list[str], text: str) -> None:
    assert glue(pieces) == text


def test_every_line_end_is_understood() -> None:
    assert [line.text for line in lines_of("\ufeff甲\r\n乙\r丙\n丁\f戊\u2028己")] == list("甲乙丙丁戊己")
