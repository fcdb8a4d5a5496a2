"""What an editor types is what is kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from news.rules.writing import blocks_of, text_of


def test_a_line_is_a_paragraph_and_two_hashes_make_a_subhead() -> None:
    assert blocks_of("首段。\n\n## 一、进展\n  次段。 \n") == [
        {"kind": "paragraph", "text": "首段。"},
        {"kind": "subhead", "text": "一、进展"},
        {"kind": "paragraph", "text": "次段。"},
    ]


_words = st.text(st.characters(categories=["L", "N", "P"]), min_size=1).filter(lambda text: "#" not in text)


@given(st.lists(st.fixed_dictionaries({"kind": st.sampled_from(["paragraph", "subhead"]), "text": _words})))
def test_a_text_that_is_opened_and_saved_is_the_same_text(blocks: list[dict[str, str]]) -> None:
    assert blocks_of(text_of(blocks)) == blocks
