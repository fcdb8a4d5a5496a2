"""The vocabulary of levels: which word holds on a day, which may be decided, and what it must not be."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.levels import (
    FIRST,
    Term,
    chosen,
    faults_of_terms,
    held_on,
    recordable,
    spans_of,
    told_on,
)

OLD, LAST, NEW = date(2019, 12, 20), date(2024, 12, 31), date(2025, 1, 1)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (OLD, ["未定级", "县级", "市级", "省级", "国家级"]),
        (LAST, ["未定级", "县级", "市级", "省级", "国家级"]),
        (NEW, ["未定级", "县级", "市级", "省级", "标准级", "卓越级"]),
    ],
)
def test_the_words_of_a_day_the_lowest_first(day: date, words: list[str]) -> None:
    assert [term.name for term in held_on(FIRST, day)] == words


@pytest.mark.parametrize(
    ("code", "day", "word"),
    [
        ("national", LAST, "国家级"),
        ("national", NEW, "标准级"),
        ("provincial", OLD, "省级"),
        ("excellent", LAST, "卓越级"),  # it had no other word
    ],
)
def test_what_was_recorded_is_told_by_the_word_of_the_day(code: str, day: date, word: str) -> None:
    assert told_on(FIRST, day)[code].name == word


@pytest.mark.parametrize(
    ("given_", "day", "code", "offered"),
    [
        ("national", OLD, "national", None),
        ("national", NEW, "national", None),
        ("国家级", LAST, "national", None),
        ("标准级", NEW, "national", None),
        ("国家级", NEW, "national", "标准级"),
        ("标准级", LAST, "national", "国家级"),
        ("excellent", NEW, "excellent", None),
        ("excellent", LAST, "excellent", "国家级"),
        ("卓越级", OLD, "excellent", "国家级"),
    ],
)
def test_a_word_that_does_not_hold_is_refused_with_the_one_that_does(
    given_: str, day: date, code: str, offered: str | None
) -> None:
    found, problem = chosen(FIRST, given_, day)
    assert found == code
    if offered is None:
        assert problem is None
    else:
        assert problem and problem.code == "carrier.level_day" and problem.allowed == offered
        assert offered in str(problem.message)


def test_the_sentence_names_the_bound_and_the_way_out() -> None:
    _, ended = chosen(FIRST, "国家级", date(2025, 3, 1))
    assert ended and str(ended.message) == "“国家级”用至 2024-12-31；2025-03-01 的决定请用“标准级”。"
    _, early = chosen(FIRST, "excellent", date(2024, 3, 1))
    assert early and str(early.message) == "“卓越级”自 2025-01-01 起使用；2024-03-01 的决定请用“国家级”。"
    code, none = chosen(FIRST, "galactic", NEW)
    assert code == "" and none and none.code == "carrier.level" and "卓越级" in str(none.allowed)


def test_the_time_of_a_level_is_cut_where_its_word_changes() -> None:
    spans = spans_of(FIRST, "national", OLD, None)
    assert [(since, until, term and term.name) for since, until, term in spans] == [
        (OLD, NEW, None),
        (NEW, None, "标准级"),
    ]
    assert spans_of(FIRST, "national", OLD, NEW) == [(OLD, NEW, None)]
    assert spans_of(FIRST, "national", NEW, None) == [(NEW, None, None)]
    assert spans_of(FIRST, "provincial", OLD, None) == [(OLD, None, None)]


@pytest.mark.parametrize(
    ("step", "codes"),
    [
        ("county", {"none", "county"}),
        ("city", {"none", "county", "city"}),
        ("province", {"none", "county", "city", "provincial", "national", "excellent"}),
        ("", set()),
    ],
)
def test_none_records_what_is_decided_above(step: str, codes: set[str]) -> None:
    assert recordable(FIRST, step) == codes


def test_the_first_vocabulary_is_whole() -> None:
    assert faults_of_terms(FIRST) == []


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (
            Term("national", "国家队", "x", 40, "province", date(2024, 6, 1), date(2024, 7, 1)),
            "level.overlap",
        ),
        (Term("national", "国家队", "x", 40, "province"), "level.overlap"),
        (Term("star", "星级", "Star", 50, "province"), "level.rank"),
        (Term("star", "星级", "Star", 60, "province", NEW, LAST), "level.dates"),
    ],
)
def test_a_vocabulary_has_one_word_a_code_and_day_and_one_code_a_rank(more: Term, fault: str) -> None:
    assert fault in {problem.code for problem in faults_of_terms([*FIRST, more])}


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_on_any_day_every_code_has_one_word_at_most_and_is_told_by_one(day: date) -> None:
    held = [term.code for term in held_on(FIRST, day)]
    assert len(held) == len(set(held))
    told = told_on(FIRST, day)
    assert set(told) == {term.code for term in FIRST}
    assert all(told[term.code] == term for term in held_on(FIRST, day))
    for code in held:
        assert chosen(FIRST, code, day) == (code, None)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 4000))
def test_the_parts_of_a_levels_time_follow_one_another(since: date, days: int) -> None:
    until = since + timedelta(days=days)
    spans = spans_of(FIRST, "national", since, until)
    assert spans[0][0] == since and spans[-1][1] == until
    assert all(one[1] == after[0] for one, after in itertools.pairwise(spans))


def test_a_renamed_code_keeps_its_rank_in_words_of_every_day() -> None:
    later = replace(FIRST[5], name="基准级", valid_from=date(2030, 1, 1))
    terms = [*FIRST[:5], replace(FIRST[5], valid_to=date(2029, 12, 31)), later, FIRST[6]]
    assert faults_of_terms(terms) == []
    assert told_on(terms, date(2031, 1, 1))["national"].name == "基准级"
    assert told_on(terms, date(2026, 1, 1))["national"].name == "标准级"
