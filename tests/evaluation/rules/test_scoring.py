"""Sums: caps on the way up, what is left out, bonus, deductions, total."""

from __future__ import annotations

from typing import Any

import pytest

from evaluation.rules.offline import Source
from tests.evaluation.small import run, scheme_of

LEAF = "{{code: {code}, title: t, full: {full}, value: {field}, rule: {{type: per, every: 1, add: 1}}{more}}}"


def leaf(code: str, full: str, field: str, more: str = "") -> str:
    return LEAF.format(code=code, full=full, field=field, more=more)


def sums(tree: str, full: str, cells: str, more: str = "", decimals: int = 2) -> dict[str, Any]:
    scheme = (
        f"{{scheme: s, version: 1, title: t, decimals: {decimals}, full: {full}, {more} "
        f"indicators: [{tree}], grading: {{grades: [{{grade: D, label: d}}]}}}}"
    )
    return run(scheme, f"carrier,a,b,c,d\nX,{cells}\n")["carriers"][0]


def test_each_group_is_cut_to_its_cap_on_the_way_up() -> None:
    inner = f"{{code: I, title: t, cap: 5, items: [{leaf('A', '10', 'a')}, {leaf('B', '10', 'b')}]}}"
    outer = f"{{code: O, title: t, cap: 9, items: [{inner}, {leaf('C', '10', 'c')}]}}"
    assert sums(f"{outer}, {leaf('D', '1', 'd')}", "31", "4,4,3,1")["base"] == "9.00"
    assert sums(f"{outer}, {leaf('D', '1', 'd')}", "31", "4,4,7,1")["base"] == "10.00"


@pytest.mark.parametrize(
    ("cells", "base"),
    [(",6,,", "9.00"), ("3,6,,", "9.00"), (",7,,", "10.50"), (",,,", "0.00"), ("10,,,", "15.00")],
)
def test_a_left_out_leaf_scales_the_base(cells: str, base: str) -> None:
    exclude = ", missing: exclude"
    tree = f"{leaf('A', '5', 'a', exclude)}, {leaf('B', '10', 'b', exclude)}"
    assert sums(tree, "15", cells)["base"] == base


def test_a_scaled_base_is_rounded_half_up() -> None:
    tree = f"{leaf('A', '3', 'a', ', missing: exclude')}, {leaf('B', '8', 'b')}"
    assert sums(tree, "11", ",2,,")["base"] == "2.75"
    assert sums(tree, "11", ",2,,", decimals=1)["base"] == "2.8"


def test_bonus_and_deductions_have_caps_and_the_total_its_bounds() -> None:
    more = (
        f"bonus: {{cap: 3, items: [{leaf('P', '9', 'b')}]}}, "
        f"deductions: {{cap: 12, items: [{leaf('M', '20', 'c')}]}}, total: {{max: 11}},"
    )
    found = [sums(leaf("A", "10", "a"), "10", cells, more) for cells in ("8,2,1,", "10,9,0,", "3,1,20,")]
    keys = ("base", "bonus", "deductions", "total")
    assert [tuple(one[key] for key in keys) for one in found] == [
        ("8.00", "2.00", "1.00", "9.00"),
        ("10.00", "3.00", "0.00", "11.00"),
        ("3.00", "1.00", "12.00", "0.00"),
    ]


def test_a_file_without_carriers_gives_an_empty_result() -> None:
    found = run(scheme_of("value: x, rule: {type: range}"), "carrier,x\n")
    assert (found["carriers"], found["left_out"]) == ([], [])


def test_last_year_and_the_year_before_are_read_by_their_prefix() -> None:
    leaf = (
        'value: "x + coalesce(prev.x, 0) * 2 + coalesce(prev2.x, 0) * 3", rule: {type: per, every: 1, add: 1}'
    )
    previous = [Source("last.csv", b"carrier,x\nA,1\nZ,9\n"), Source("before.csv", b"carrier,x\nB,1\n")]
    found = run(scheme_of(leaf), "carrier,x\nA,1\nB,1\nC,1\n", previous=previous)
    assert {one["carrier"]: one["base"] for one in found["carriers"]} == {
        "A": "3.00",
        "B": "4.00",
        "C": "1.00",
    }


@pytest.mark.parametrize("value", ["9" * 60, "0." + "3" * 100, "-" + "8" * 100, "9" * 100 + "." + "9" * 100])
def test_numbers_of_any_length_are_no_fault(value: str) -> None:
    rules = (
        "type: per, every: 0.7, add: 1",
        "type: step, base_at: -1, base: 1, every: 3, add: 1, whole: false",
        "type: linear, points: [[0, 1], [1, 9]]",
        "type: target, target: x * x",
        "type: range",
        "type: benchmark, against: p33",
    )
    for rule in rules:
        scheme = scheme_of(f"value: x, rule: {{{rule}}}")
        assert len(run(scheme, f"carrier,x\nA,{value}\nB,1\n")["carriers"]) == 2
