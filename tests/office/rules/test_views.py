"""What a view over a list may hold, and what of it is left when the list has changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import Problem
from core.text import T
from office.rules import views
from office.rules.views import LIMIT, Kept

words = st.text(min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("国家级", []),
        ("", ["view.name"]),
        ("长" * 40, []),
        ("长" * 41, ["view.name_long"]),
        ("待办", ["view.name_taken"]),
        ("a\tb", ["view.name_signs"]),
    ],
)
def test_a_name_is_there_short_and_the_persons_only_one(name: str, codes: list[str]) -> None:
    assert [one.code for one in views.name_faults(name, {"待办"})] == codes


@pytest.mark.parametrize(
    ("kept", "is_right"),
    [
        (Kept(), True),
        (Kept({"q": "长" * 100}, ("name",) * 60), True),
        (Kept({"q": "长" * 101}), False),
        (Kept({f"k{n}": "1" for n in range(21)}), False),
        (Kept({}, ("name",) * 61), False),
        (Kept({"q": "\x00"}), False),
    ],
)
def test_no_view_holds_more_than_a_page_can_ask_for(kept: Kept, is_right: bool) -> None:
    assert (not list(views.kept_faults(kept))) is is_right


@given(st.sets(st.integers(1, LIMIT), max_size=LIMIT - 1))
def test_below_the_limit_there_is_a_free_place(taken: set[int]) -> None:
    assert not list(views.number_faults(len(taken)))
    place = views.free_place(taken)
    assert 1 <= place <= LIMIT and place not in taken


def test_at_the_limit_it_is_said_what_to_do() -> None:
    (problem,) = views.number_faults(LIMIT)
    assert "删除" in str(problem.fix)


@given(st.dictionaries(words, words), st.sets(words))
def test_what_belongs_to_the_list_is_kept_and_nothing_else(query: dict[str, str], names: set[str]) -> None:
    assert views.of_list(query, names) == {key: query[key] for key in query if key in names}


@given(st.dictionaries(words, words, max_size=6), st.sets(words, max_size=4), st.sets(words, max_size=6))
def test_each_condition_that_fell_away_is_told_once(
    query: dict[str, str], gone: set[str], columns: set[str]
) -> None:
    """Of what is wrong in an address only that is the view's which the view said."""
    problems = [Problem("list.choice", T("没有这个选项。"), field=name, found="x") for name in sorted(gone)]
    kept = Kept(query, tuple(sorted(columns | {"left"})))
    told = views.fallen("视图", kept, problems=problems, labels={}, columns={"left"})
    fields = [one.field for one in told if one.code == "view.fallen"]
    assert sorted(fields) == sorted(gone & set(query))
    assert any(one.code == "view.columns" for one in told) == bool(columns - {"left"})


def test_a_list_without_columns_misses_none() -> None:
    assert views.fallen("视图", Kept({}, ("name",)), problems=(), labels={}, columns=()) == []
