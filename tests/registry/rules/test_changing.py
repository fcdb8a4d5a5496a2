"""Requests to change facts: which are late, who decides, how values are read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import Problem, Refused
from registry.rules.asked_facts import (
    DECIDED_ELSEWHERE,
    EVIDENCE,
    FACTS,
    Evidence,
    evidence_for,
    faults_together,
    names_both,
    operator_parts,
    read,
    stem_of,
)
from registry.rules.changing import (
    OFFICERS,
    OPEN,
    STOPS,
    State,
    decider,
    is_late,
    lifecycle,
    months_after,
    route,
    route_of_officer,
)
from tests.registry.world import TODAY, credit_code

COUNTY, CITY, PROVINCE = STOPS
ALL = ("county", "city", "province")


@pytest.mark.parametrize(
    ("happened", "asked", "late"),
    [
        ((2026, 1, 15), (2026, 4, 15), False),
        ((2026, 1, 15), (2026, 4, 16), True),
        ((2025, 11, 30), (2026, 2, 28), False),
        ((2025, 11, 30), (2026, 3, 1), True),
        ((2023, 11, 30), (2024, 2, 29), False),
        ((2023, 11, 30), (2024, 3, 1), True),
        ((2026, 1, 31), (2026, 4, 30), False),
        ((2026, 1, 31), (2026, 5, 1), True),
        ((2025, 12, 31), (2026, 3, 31), False),
        ((2025, 12, 31), (2026, 4, 1), True),
        ((2026, 3, 18), (2026, 3, 18), False),
        ((9999, 12, 31), (2026, 3, 18), False),
    ],
)
def test_late_is_what_comes_more_than_three_calendar_months_after(
    happened: tuple[int, int, int], asked: tuple[int, int, int], late: bool
) -> None:
    assert is_late(date(*happened), date(*asked)) is late


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_once_late_always_late_and_never_before_89_days(day: date, more: int) -> None:
    asked = day + timedelta(more)
    assert not is_late(day, asked) or is_late(day, asked + timedelta(1))
    assert is_late(day, asked) <= (more > 88) and is_late(day, asked) >= (more > 92)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 48))
def test_months_keep_the_day_or_take_the_last(day: date, months: int) -> None:
    after = months_after(day, months)
    assert (after.year - day.year) * 12 + after.month - day.month == months
    assert after.day == day.day or (after.day < day.day and (after + timedelta(1)).day == 1)


@pytest.mark.parametrize(
    ("level", "facts", "both", "office"),
    [
        ("none", ["name"], "", COUNTY),
        ("county", ["name"], "", COUNTY),
        ("city", ["name", "address"], "", CITY),
        ("provincial", ["name"], "", PROVINCE),
        ("national", ["operator"], "", PROVINCE),
        ("national", ["address", "opened_on", "name_en"], "", COUNTY),
        ("national", ["address", "area_total"], "", PROVINCE),
        ("none", ["region", "address"], "city", CITY),
        ("none", ["region", "address"], "province", PROVINCE),
        ("provincial", ["region", "address"], "county", PROVINCE),
    ],
)
def test_the_level_says_who_decides_and_the_county_plain_facts(
    level: str, facts: list[str], both: str, office: State
) -> None:
    assert decider(level=level, facts=facts, over_both=both) is office


@pytest.mark.parametrize(
    ("wanted", "levels", "way"),
    [
        (COUNTY, ALL, (COUNTY, COUNTY)),
        (CITY, ALL, (COUNTY, CITY)),
        (PROVINCE, ALL, (COUNTY, PROVINCE)),
        (COUNTY, ("city", "province"), (CITY, CITY)),
        (CITY, ("county", "province"), (COUNTY, PROVINCE)),
        (PROVINCE, ("province",), (PROVINCE, PROVINCE)),
        (PROVINCE, ("county", "city"), (COUNTY, CITY)),
        (PROVINCE, (*ALL, "nation"), (COUNTY, PROVINCE)),
    ],
)
def test_an_office_that_is_not_there_is_stood_for_by_the_next_above(
    wanted: State, levels: tuple[str, ...], way: tuple[State, State]
) -> None:
    assert route(wanted, levels) == way


def test_an_office_decides_what_it_files_unless_that_lies_above_it() -> None:
    assert route_of_officer("county_officer", (COUNTY, PROVINCE)) == (PROVINCE, PROVINCE)
    assert route_of_officer("province_officer", (COUNTY, COUNTY)) == (PROVINCE, PROVINCE)
    assert route_of_officer("city_officer", (COUNTY, CITY)) == (CITY, CITY)


@pytest.mark.parametrize("first", STOPS)
@pytest.mark.parametrize("last", STOPS)
def test_every_open_state_of_a_way_has_moves_and_an_ended_one_none(first: State, last: State) -> None:
    table = lifecycle(first, last)
    there = {first, last, State.RETURNED}
    for state in State:
        actions = {move.action for move in table.moves if state in move.sources}
        assert bool(actions) == (state in there)
    assert there <= OPEN
    deciding = {move.action: move.roles for move in table.moves if move.action in ("approve", "refuse")}
    assert deciding == {"approve": {OFFICERS[last]}, "refuse": {OFFICERS[last]}}


@pytest.mark.parametrize("action", ["return", "refuse"])
def test_no_without_a_reason(action: str) -> None:
    with pytest.raises(Refused) as refused:
        lifecycle().move(action, state=State.AT_PROVINCE, role="province_officer")
    assert [p.code for p in refused.value.problems] == ["move.comment"]


# How values are read.


def codes(found: list[Problem]) -> list[str]:
    return [problem.code for problem in found]


CODE = credit_code(7)


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("name", "  青禾　科技孵化器 ", "青禾 科技孵化器"),
        ("area_total", "１２,345.50", "12345.5"),
        ("area_total", "1200", "1200"),
        ("opened_on", "2020-02-29", "2020-02-29"),
        ("kind", "makerspace", "makerspace"),
        ("region", "990503", "990503"),
        ("operator", f"{CODE.lower()}  星澜　有限公司", f"{CODE} 星澜 有限公司"),
    ],
)
def test_values_are_kept_as_exact_text(name: str, typed: str, kept: str) -> None:
    assert read(FACTS[name], typed, TODAY) == (kept, [])


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("name", " ", "change.empty"),
        ("name", "青" * 101, "change.long"),
        ("name", "青\x00禾", "change.control"),
        ("area_total", "很大", "change.number"),
        ("area_total", "5000 平方米", "change.number"),
        ("area_total", "0", "change.area"),
        ("area_total", "-3", "change.area"),
        ("area_total", "1.234", "change.area"),
        ("area_total", "99999999999", "change.area"),
        ("opened_on", "2025-02-29", "change.day"),
        ("opened_on", "2026-03-19", "date.future"),
        ("kind", "castle", "change.choice"),
        ("region", "河湾区", "change.region"),
        ("operator", "91990000 星澜有限公司", "credit_code.length"),
        ("operator", CODE, "change.operator_name"),
    ],
)
def test_what_cannot_be_meant_is_told(name: str, typed: str, code: str) -> None:
    assert codes(read(FACTS[name], typed, TODAY)[1]) == [code]


def test_a_wrong_check_character_comes_with_the_right_code() -> None:
    wrong = CODE[:17] + ("0" if CODE[17] != "0" else "1")
    (problem,) = read(FACTS["operator"], f"{wrong} 星澜有限公司", TODAY)[1]
    assert problem.code == "credit_code.check" and CODE in str(problem.fix)


def test_a_number_with_its_unit_is_told_without_it() -> None:
    (problem,) = read(FACTS["area_total"], "5,000 平方米", TODAY)[1]
    assert "5000" in str(problem.fix)


@given(st.text(max_size=40), st.sampled_from(sorted(FACTS)))
def test_whatever_is_typed_is_kept_or_told(typed: str, name: str) -> None:
    kept, found = read(FACTS[name], typed, TODAY)
    assert found or read(FACTS[name], kept, TODAY) == (kept, [])


@pytest.mark.parametrize(
    ("new", "both"),
    [
        ("青禾孵化器更名为青禾科技孵化器", True),
        ("青禾科技孵化器（原青禾孵化器）", True),
        ("青禾孵化器→青禾园", True),
        ("青禾孵化器河湾分园", False),
        ("青禾科技孵化器", False),
        ("原野孵化器", False),
    ],
)
def test_two_names_in_one_are_told(new: str, both: bool) -> None:
    assert names_both("青禾孵化器", new) is both


OLD = {name: "" for name in FACTS} | {"name": "青禾孵化器", "carrier_class": "comprehensive"}


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ({"name": "青禾孵化器"}, ["change.same"]),
        ({"name": "青禾孵化器改为青园"}, ["change.both_names"]),
        ({"region": "990503"}, ["change.address"]),
        ({"region": "990503", "address": "山前路 1 号"}, []),
        ({"carrier_class": "specialised"}, ["change.field"]),
        ({"carrier_class": "specialised", "field": "bio"}, []),
    ],
)
def test_new_values_are_seen_beside_the_old_and_each_other(new: dict[str, str], found: list[str]) -> None:
    assert codes(faults_together(OLD, new)) == found


def test_each_kind_of_evidence_is_asked_once_in_its_order() -> None:
    assert evidence_for(["area_total", "address", "name", "name_en"]) == [
        Evidence.REGISTRATION,
        Evidence.PREMISES,
    ]
    assert set(EVIDENCE) == {fact.evidence for fact in FACTS.values()} - {Evidence.NONE}


def test_what_recognition_decides_is_not_asked_for() -> None:
    assert not DECIDED_ELSEWHERE & set(FACTS)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("云州星澜科技企业孵化器", "云州星澜"),
        ("星澜众创空间", "星澜"),
        ("孵化器", "孵化器"),
        ("Ａ Ｂ园", "ab园"),
    ],
)
def test_the_stem_of_a_name_is_what_is_particular(name: str, stem: str) -> None:
    assert stem_of(name) == stem


def test_an_operator_is_taken_apart_as_it_is_kept() -> None:
    assert operator_parts(f"{CODE} 星澜 有限公司") == (CODE, "星澜 有限公司")
