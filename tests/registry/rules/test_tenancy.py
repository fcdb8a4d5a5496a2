"""Limits of stays at their edges, and what a finding is known by."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import tenancy
from registry.rules.finding_moves import DECISIONS, FINDING
from registry.rules.tenancy import OF_TWO, RULES, Found, Irregular, plus_months, sentence, stay_months

DAY = date(2024, 6, 1)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2020, 2, 29), 48, date(2024, 2, 29)),
        (date(2020, 2, 29), 24, date(2022, 2, 28)),
        (date(2020, 2, 29), 60, date(2025, 2, 28)),
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2021, 1, 31), 1, date(2021, 2, 28)),
        (date(2020, 12, 31), 1, date(2021, 1, 31)),
        (date(2020, 12, 31), 24, date(2022, 12, 31)),
        (date(2020, 8, 31), 6, date(2021, 2, 28)),
        (date(2020, 5, 17), 0, date(2020, 5, 17)),
    ],
)
def test_a_month_that_is_shorter_ends_on_its_last_day(day: date, months: int, wanted: date) -> None:
    assert plus_months(day, months) == wanted


@given(DAYS, st.integers(0, 120))
def test_so_many_months_later_lies_in_that_month_and_never_on_a_later_day(day: date, months: int) -> None:
    later = plus_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day and (later.day == day.day or (later + timedelta(1)).day == 1)


@given(DAYS, DAYS)
def test_who_came_earlier_has_to_go_no_later(one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert plus_months(first, 48) <= plus_months(second, 48)


def test_some_fields_may_stay_a_year_longer() -> None:
    assert [stay_months(field) for field in ("ict", "", "bio", "agriculture")] == [48, 48, 60, 60]


def every_kind() -> list[Found]:
    return [
        tenancy.double_claim(1, (2, DAY), (3, DAY), same_operator=False),
        tenancy.graduate_listed(1, (2, DAY), (3, DAY)),
        tenancy.over_stay(1, 2, entered=DAY, months=48),
        tenancy.over_age(1, 2, founded=date(2020, 1, 1), entered=DAY),
        tenancy.entered_before_founded(1, 2, founded=date(2025, 1, 1), entered=DAY),
    ]


def test_every_kind_has_words_a_clause_and_a_sentence_without_gaps() -> None:
    assert [one.kind for one in every_kind()] == list(Irregular) == list(RULES)
    for one in every_kind():
        rule = RULES[one.kind]
        assert all(str(words) for words in (rule.title, rule.allowed, rule.clause, rule.fix))
        assert "—" not in str(sentence(one.kind, one.rests_on))
        assert (one.stay_b is not None) == (one.kind in OF_TWO)


def test_the_sentence_for_both_sides_names_no_day_of_either() -> None:
    for one in every_kind():
        if one.kind in OF_TWO:
            assert "2024" not in str(sentence(one.kind, one.rests_on))


def test_one_operators_carriers_are_named_as_such() -> None:
    found = tenancy.double_claim(1, (2, DAY), (3, DAY), same_operator=True)
    assert "同一运营机构" in str(sentence(found.kind, found.rests_on))


def test_a_pair_is_one_finding_from_whichever_side_it_is_seen() -> None:
    a, b = (2, DAY), (3, date(2025, 1, 1))
    one = tenancy.double_claim(1, a, b, same_operator=False)
    assert one == tenancy.double_claim(1, b, a, same_operator=False)
    assert (one.stay_a, one.stay_b) == (2, 3)


def test_kinds_bodies_stays_and_dates_each_make_another_finding() -> None:
    prints = {one.fingerprint for one in every_kind()}
    prints |= {
        tenancy.over_stay(9, 2, entered=DAY, months=48).fingerprint,
        tenancy.over_stay(1, 9, entered=DAY, months=48).fingerprint,
        tenancy.over_stay(1, 2, entered=DAY + timedelta(1), months=48).fingerprint,
        tenancy.over_stay(1, 2, entered=DAY, months=60).fingerprint,
        tenancy.double_claim(1, (2, DAY), (3, DAY), same_operator=True).fingerprint,
    }
    assert len(prints) == len(every_kind()) + 5


@given(DAYS, DAYS, st.integers(1, 9), st.integers(1, 9))
def test_the_same_facts_are_the_same_finding(founded: date, entered: date, tenant: int, stay: int) -> None:
    one = tenancy.over_age(tenant, stay, founded=founded, entered=entered)
    again = tenancy.over_age(tenant, stay, founded=founded, entered=entered)
    assert one.fingerprint == again.fingerprint


def test_each_decision_is_an_act_of_officers_with_a_reason() -> None:
    for move in FINDING.moves:
        assert move.comment == "required"
        assert ("carrier_staff" in move.roles) == (move.action == "say")
    assert set(DECISIONS) == {move.action for move in FINDING.moves if move.target == "decided"}
