"""Rich text keeps its shape and loses whatever could run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.rules.cleaning import cleaned, paragraphs, plain
from tests.news.payloads import PAYLOADS, assert_harmless


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_could_run_is_left(payload: str) -> None:
    assert_harmless(cleaned(payload))
    assert_harmless(cleaned(f"<p>前{payload}后</p>"))


@given(st.lists(st.sampled_from([*PAYLOADS, "<p>", "</p>", "<table>", "<!--", "-->", "\x00", "'", '"'])))
def test_pieces_in_any_order_stay_harmless_and_clean_once_is_clean_for_good(pieces: list[str]) -> None:
    html = cleaned("".join(pieces))
    assert_harmless(html)
    assert cleaned(html) == html


def test_tables_lists_and_links_stay() -> None:
    html = '<h2>一</h2><ul><li>甲</li></ul><table><tbody><tr><td colspan="2">乙</td></tr></tbody></table>'
    assert cleaned(html) == html
    assert 'href="https://example.org/"' in cleaned('<a href="https://example.org/">丙</a>')


def test_the_words_alone_are_words_not_markup() -> None:
    html = "<p>研发 &amp; 转化</p><p>产值 &lt; 三亿</p><ul><li>甲</li><li>乙</li></ul>"
    assert paragraphs(html) == ["研发 & 转化", "产值 < 三亿", "甲", "乙"]
    assert plain(html) == "研发 & 转化 产值 < 三亿 甲 乙"
