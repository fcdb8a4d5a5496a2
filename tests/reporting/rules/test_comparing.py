"""What is asked of figures: beside last year's, beside peers', slips of the unit, and which ten of all."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import Severity
from reporting.rules.comparing import (
    ENOUGH,
    MOST,
    Peer,
    Question,
    kept,
    measured,
    peers_of,
    questions,
    slip_of,
)
from reporting.rules.form import Form
from reporting.rules.form_reading import load_form
from reporting.rules.peers import Filed, group_of, measure

D = Decimal
FIELDS = "".join(
    f"      - {{code: f{at}, title: 指标{at}, type: money, unit: 千元, min: 0}}\n" for at in range(20)
)
SOURCE = f"""form: f
version: 1
title: 表
kinds: [incubator]
sections:
  - code: s
    title: 收入
    fields:
{FIELDS}      - {{code: firms, title: 企业数, type: integer, unit: 家, min: 0}}
      - {{code: out, title: 不比的, type: money, unit: 千元}}
variance: {{share: 0.5, at_least: 10, severity: explain, except: [out]}}
"""
FORM: Form = load_form(SOURCE)
SOME = Peer(20, D(1000), D("0.2"))

amounts = st.decimals(min_value=1, max_value=10**9, places=2)


def ask(now: dict[str, str], last: dict[str, str], **peers: Peer) -> list[Question]:
    return questions(
        FORM, {code: D(text) for code, text in now.items()}, {c: D(text) for c, text in last.items()}, peers
    )


def codes(now: str, last: str = "", field: str = "f0", peer: Peer | None = None) -> list[str]:
    found = ask({field: now}, {field: last} if last else {}, **({field: peer} if peer else {}))
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("now", "last", "asked"),
    [
        ("1500", "1000", []),  # half as much again is still allowed
        ("1501", "1000", ["variance"]),
        ("9", "0", []),
        ("10", "0", ["variance"]),
        ("-20", "20", ["variance"]),
        ("3104000", "3104", ["unit"]),
        ("3286000", "3104", ["unit"]),
        ("310.4", "3104", ["unit"]),
        ("7000", "1000", ["variance"]),  # seven times is no slip of ten
        ("12500", "1000", ["unit"]),
        ("12501", "1000", ["variance"]),
        ("0.5", "5", []),  # a change below the least one
        ("5000000", "", []),
    ],
)
def test_what_is_asked_against_last_year(now: str, last: str, asked: list[str]) -> None:
    assert codes(now, last) == asked


def test_a_slip_offers_what_was_probably_meant_and_names_how_many_times() -> None:
    (one,) = ask({"f0": "3286000"}, {"f0": "3104"})
    assert (one.likely, one.severity) == (D(3286), Severity.EXPLAIN)
    assert str(one.message) == "“指标0”疑似单位或位数填错：约为上年的 1,000 倍。"
    assert str(one.allowed) == "可能应为 3,286 千元"
    (one,) = ask({"f0": "31.04"}, {"f0": "3104"})
    assert one.likely == D(3104) and "1/100" in str(one.message)


def test_what_the_field_may_not_have_is_not_offered() -> None:
    assert codes("12345", "12", "firms") == ["variance"], "12.345 firms are none"
    assert codes("12000", "12", "firms") == ["unit"]
    assert codes("1000000", "1", "out") == [], "a field that is excepted is not compared"


@given(amounts, st.sampled_from([10, 100, 1000, 10000]))
def test_exactly_so_many_times_is_always_a_slip_and_so_is_its_reverse(last: Decimal, factor: int) -> None:
    assert slip_of(last * factor, last) == factor
    assert slip_of(last, last * factor) == 1 / D(factor)


@given(amounts, amounts)
def test_of_a_value_and_last_years_a_slip_is_one_both_ways(one: Decimal, other: Decimal) -> None:
    there, back = slip_of(one, other), slip_of(other, one)
    assert (there is None) == (back is None)
    assert there is None or back is None or there * back == 1


@given(amounts)
def test_what_did_not_change_is_never_asked_however_far_the_peers_are(value: Decimal) -> None:
    assert codes(str(value), str(value), peer=SOME) == []


# Peers.


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        ("1000", []),
        ("2800", []),
        ("2900", ["peers"]),  # 1000 · exp(3.5 · 1.4826 · 0.2) = 2823
        ("350", ["peers"]),
        ("0", []),  # nothing is a figure of its own: no logarithm, no distance
        ("1000000", ["unit"]),
        ("1100000", ["unit"]),
    ],
)
def test_what_is_asked_against_peers_when_there_is_no_last_year(now: str, asked: list[str]) -> None:
    assert codes(now, peer=SOME) == asked


def test_peers_stand_beside_a_change_and_say_how_many_they_are() -> None:
    (one,) = ask({"f0": "3000"}, {"f0": "1000"}, f0=SOME)
    assert str(one.allowed) == "变动不超过上年的 50%（同类 20 家上年的中位数为 1,000）"
    (one,) = ask({"f0": "5000"}, {}, f0=SOME)
    assert str(one.allowed) == "同类 20 家上年多在 354 至 2,820 之间"
    assert one.found == "5,000", "what peers are may change, what was explained may not"


def test_too_few_peers_say_nothing_and_those_who_all_say_the_same_are_given_room() -> None:
    assert measured([D(5)] * (ENOUGH - 1)) is None
    assert measured([D(0)] * 50) is None
    same = measured([D(100)] * ENOUGH)
    assert same is not None and codes("115", peer=same) == [] and codes("300", peer=same) == ["peers"]


@given(st.lists(amounts, min_size=ENOUGH, max_size=40), st.integers(1, 1000))
def test_a_measure_follows_the_unit_and_a_fifth_of_wrong_figures_moves_it_little(
    values: list[Decimal], times: int
) -> None:
    one, other = measured(values), measured([value * times for value in values])
    assert one is not None and other is not None
    assert other.median == one.median * times and abs(other.mad - one.mad) <= D("0.00001")
    assert peers_of(kept({"f0": one})) == {"f0": one}
    assert min(values) <= one.median <= max(values)


def test_carriers_are_compared_in_thirds_by_area_and_without_an_area_with_all() -> None:
    filed = [Filed(D(area), {"f0": D(area * 10)}) for area in range(1, 31)]
    measures = measure([*filed, Filed(None, {"f0": D(7)})])
    assert measures["bounds"] == ["11", "21"]
    assert group_of(measures, D(3))["f0"][:2] == [10, "55"]
    assert group_of(measures, D(11))["f0"][:2] == [10, "155"]
    assert group_of(measures, D(99))["f0"][:2] == [10, "255"]
    assert group_of(measures, None)["f0"][0] == 31
    few = measure(filed[:10])
    assert few["bounds"] == [] and group_of(few, D(3))["f0"][0] == 10


# Which of them.


def test_at_most_ten_are_asked_slips_first_then_the_largest_changes_in_the_order_of_the_form() -> None:
    now = {f"f{at}": str(2000 + 100 * at) for at in range(20)} | {"firms": "12000"}
    last = {f"f{at}": "1000" for at in range(20)} | {"firms": "12"}
    found = ask(now, last)
    assert [one.field.code for one in found] == [*(f"f{at}" for at in range(11, 20)), "firms"]
    assert len(found) == MOST


@given(st.dictionaries(st.sampled_from([f"f{at}" for at in range(20)]), st.tuples(amounts, amounts)))
def test_never_more_than_ten_and_none_left_out_tells_more(
    figures: dict[str, tuple[Decimal, Decimal]],
) -> None:
    now = {code: one for code, (one, _) in figures.items()}
    last = {code: other for code, (_, other) in figures.items()}
    found = questions(FORM, now, last)
    alone = {code: questions(FORM, {code: now[code]}, last) for code in now}
    assert len(found) == min(MOST, sum(map(len, alone.values())))
    asked = {one.field.code for one in found}
    left = [one.rank for code, (one, *_) in ((c, q) for c, q in alone.items() if q) if code not in asked]
    assert not left or max(left) <= min(one.rank for one in found)


def test_the_rules_are_those_of_the_form_that_the_project_brings() -> None:
    folder = Path(__file__).parents[3] / "reporting" / "forms"
    form = load_form((folder / "incubator-annual.yaml").read_text(encoding="utf-8"))
    (one,) = questions(form, {"income_total": D(8107000)}, {"income_total": D(8167)})
    assert (one.code, one.likely) == ("unit", D(8107))
