"""A list is asked for by an allow-list; its counts stand beside each choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import Problem
from core.text import T
from registry.rules import listing
from registry.rules.listing import NAMES, Asked, Group, choices, facet

LEVELS = {"none": T("未定级"), "city": T("市级"), "national": T("标准级")}
TODAY = date(2026, 3, 18)


def read(params: Mapping[str, str]) -> tuple[Asked, list[Problem]]:
    return listing.read(params, LEVELS, TODAY)


def group(kind: str, level: str, count: int, *regions: str) -> Group:
    return Group(
        kind=kind, level=level, carrier_class="comprehensive", field="", designation="", state="active",
        regions=regions, count=count,
    )  # fmt: skip


def test_known_choices_are_taken_and_nothing_else() -> None:
    asked, problems = read({"kind": "incubator", "q": "  青禾  孵化器 ", "operator__phone": "1", "page": "2"})
    assert problems == [] and asked == Asked(kind="incubator", q="青禾 孵化器")
    assert asked.given() == {"kind": "incubator", "q": "青禾 孵化器"}


def test_every_wrong_choice_is_named_at_once_and_narrows_nothing() -> None:
    asked, problems = read(
        {"kind": "hotel", "order": "phone", "region": "99/", "q": "a\x00", "level": "city"}
    )
    assert sorted(problem.field for problem in problems) == ["kind", "order", "q", "region"]
    assert asked == Asked(level="city")


def test_a_long_question_is_cut() -> None:
    assert len(read({"q": "长" * 500})[0].q) == 60


@given(st.dictionaries(st.sampled_from([*NAMES, "other"]), st.text(max_size=80)))
def test_whatever_is_asked_is_answered_and_means_the_same_again(params: dict[str, str]) -> None:
    asked, _problems = read(params)
    again, problems = read(asked.given())
    assert (again, problems) == (asked, [])


def test_counts_stand_under_the_other_filters_that_were_chosen() -> None:
    groups = [
        group("incubator", "city", 3, "990000", "990500"),
        group("makerspace", "city", 2, "990000", "990600"),
        group("incubator", "none", 5, "990000", "990600"),
    ]
    asked = Asked(kind="incubator", region="990600")
    assert facet(groups, asked, "kind") == {"makerspace": 2, "incubator": 5}
    assert facet(groups, asked, "level") == {"none": 5}
    assert facet(groups, asked, "region") == {"990000": 8, "990500": 3, "990600": 5}
    assert facet(groups, Asked(), "state") == {"active": 10}


def test_every_choice_has_a_word() -> None:
    assert all(str(word) for words in choices(LEVELS).values() for word in words.values())


@pytest.mark.parametrize(
    ("given_", "on", "fault"),
    [
        ("2023-12-31", "2023-12-31", ""),
        ("2026-03-18", "", ""),
        ("2026-03-19", "", "list.day_future"),
        ("2023-02-30", "", "list.day"),
        ("20231231", "", "list.day"),
        ("yesterday", "", "list.day"),
        ("2023-12-31T00:00", "", "list.day"),
        ("９９９９-12-31", "", "list.day"),
    ],
)
def test_a_list_is_of_a_day_that_has_been(given_: str, on: str, fault: str) -> None:
    asked, problems = read({"on": given_})
    assert asked.on == on and [one.code for one in problems] == ([fault] if fault else [])


@given(st.dates(max_value=TODAY - timedelta(days=1)))
def test_any_past_day_is_taken(day: date) -> None:
    asked, problems = read({"on": day.isoformat()})
    assert (asked.day, problems) == (day, [])
