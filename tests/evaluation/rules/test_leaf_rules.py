"""Each rule at its boundaries: one unit below, at, above."""

from __future__ import annotations

import pytest

from core.problems import Refused
from tests.evaluation.small import leaves, marks_of, points_of, run, scheme_of

STEP = "type: step, base_at: 50, base: 5, every: 10, add: 0.5"


@pytest.mark.parametrize(
    ("rule", "values", "points"),
    [
        (STEP, ["49", "50", "51"], ["0.00", "5.00", "5.00"]),
        (STEP, ["59.99", "60", "60.01"], ["5.00", "5.50", "5.50"]),
        (STEP, ["149", "150", "160", "9999"], ["9.50", "10.00", "10.00", "10.00"]),
        (STEP + ", whole: false", ["49.99", "55", "50.1"], ["0.00", "5.25", "5.01"]),
        ("type: step, base_at: 0, base: 3, every: 1, add: -1", ["0", "2", "4"], ["3.00", "1.00", "0.00"]),
        ("type: per, every: 3, add: 1", ["2.99", "3", "3.01"], ["0.00", "1.00", "1.00"]),
        ("type: per, every: 3, add: 1", ["-1", "29", "30", "33"], ["0.00", "9.00", "10.00", "10.00"]),
        ("type: per, every: 3, add: -1", ["-1", "-3", "-3.01"], ["1.00", "1.00", "2.00"]),
        ("type: per, every: 3, add: 1, whole: false", ["1", "0.01", "0.02"], ["0.33", "0.00", "0.01"]),
        ("type: per, every: 0.1, add: 1", ["0.3", "0.29"], ["3.00", "2.00"]),
    ],
)
def test_step_and_per_count_whole_steps_down(rule: str, values: list[str], points: list[str]) -> None:
    assert points_of(rule, *values) == points


@pytest.mark.parametrize(
    ("rule", "values", "points"),
    [
        ("type: linear, points: [[0, 2], [10, 4], [20, 10]]", ["-1", "0", "5"], ["2.00", "2.00", "3.00"]),
        ("type: linear, points: [[0, 2], [10, 4], [20, 10]]", ["10", "15", "20"], ["4.00", "7.00", "10.00"]),
        ("type: linear, points: [[0, 2], [10, 4], [20, 10]]", ["21", "0.01"], ["10.00", "2.00"]),
        ("type: linear, points: [[0, 10], [10, 0]]", ["-5", "2.5", "11"], ["10.00", "7.50", "0.00"]),
        ("type: target, target: 80", ["79", "80", "81", "-8"], ["9.88", "10.00", "10.00", "0.00"]),
        ("type: target, target: x * 2", ["4", "0"], ["5.00", "0.00"]),
        ("type: tiers, tiers: [[80, 9], [60, 5]]", ["79.99", "80", "80.01"], ["5.00", "9.00", "9.00"]),
        ("type: tiers, tiers: [[80, 9], [60, 5]], else: 1", ["59.99", "60"], ["1.00", "5.00"]),
        (
            "type: tiers, order: low, tiers: [[3, 9], [6, 5]], else: 1",
            ["3", "3.01", "6", "6.01"],
            ["9.00", "5.00", "5.00", "1.00"],
        ),
        ("type: tiers, tiers: [[1, 12]]", ["1"], ["10.00"]),
        ("type: formula, points: full - v", ["4", "-3", "11"], ["6.00", "10.00", "0.00"]),
        ('type: formula, points: "coalesce(v, 3)"', ["4", ""], ["4.00", "3.00"]),
        ("type: pass, when: x > 2", ["2", "3", ""], ["0.00", "10.00", "0.00"]),
        ("type: pass, when: not (x > 2)", ["3", ""], ["0.00", "10.00"]),
    ],
)
def test_lines_targets_tiers_formulas_conditions(rule: str, values: list[str], points: list[str]) -> None:
    assert points_of(rule, *values) == points


@pytest.mark.parametrize(
    ("against", "values", "points"),
    [
        ("mean", ["1", "2", "6", ""], ["3.33", "6.67", "10.00", "0.00"]),
        ("median", ["1", "2", "6", "7"], ["2.50", "5.00", "10.00", "10.00"]),
        ("max", ["1", "2", "4"], ["2.50", "5.00", "10.00"]),
        ("min", ["1", "2", "4"], ["10.00", "10.00", "10.00"]),
        ("p0", ["2", "4"], ["10.00", "10.00"]),
        ("p25", ["2", "10"], ["5.00", "10.00"]),  # 2 + 8 × 0.25 = 4
        ("p90", ["0", "10", "20", "30"], ["0.00", "3.70", "7.41", "10.00"]),  # position 2.7: 27
        ("p100", ["5"], ["10.00"]),
        ("mean", ["-1", "1"], ["0.00", "0.00"]),  # a mean of 0 is no benchmark
    ],
)
def test_a_benchmark_is_taken_from_the_peers(against: str, values: list[str], points: list[str]) -> None:
    assert points_of(f"type: benchmark, against: {against}", *values) == points


@pytest.mark.parametrize(
    ("keys", "values", "points"),
    [
        ("", ["10", "9", "9", "8"], ["10.00", "5.00", "5.00", "1.00"]),
        (", order: low", ["10", "9", "9", "8"], ["1.00", "5.00", "5.00", "10.00"]),
        ("", ["10", "10", "9", ""], ["5.00", "5.00", "1.00", "0.00"]),  # 1/3 is above 25 %
    ],
)
def test_a_rank_is_a_share_of_the_peers(keys: str, values: list[str], points: list[str]) -> None:
    rule = f"type: rank, tiers: [[0.25, 10], [0.5, 5]], else: 1{keys}"
    assert points_of(rule, *values) == points


def test_a_range_runs_from_the_lowest_to_the_highest_peer() -> None:
    assert points_of("type: range", "2", "3", "6", "") == ["0.00", "2.50", "10.00", "0.00"]
    assert points_of("type: range, order: low", "2", "3", "6") == ["10.00", "7.50", "0.00"]
    assert points_of("type: range", "3", "3") == ["10.00", "10.00"]


def test_peers_are_split_by_group_and_an_empty_cell_is_a_group_of_its_own() -> None:
    scheme = scheme_of("value: x, rule: {type: range, group: [town]}")
    csv = "carrier,x,town\nA,1,02\nB,3,02\nC,9,2\nD,4,\nE,8,\n"
    found = {name: leaf["points"] for name, leaf in leaves(scheme, csv).items()}
    assert found == {"A": "0.00", "B": "10.00", "C": "10.00", "D": "0.00", "E": "10.00"}


def test_peers_are_scored_carriers_those_with_a_fixed_grade_included() -> None:
    grading = "fixed: [{when: gone, grade: D, reason: 未报送}], grades: [{grade: D, label: 差}]"
    scheme = scheme_of("value: x, rule: {type: range}", grading=grading)
    scheme = scheme.replace("title: 小", "title: 小, applies_to: kind == 'a'")
    csv = "carrier,x,gone,kind\nA,1,否,a\nB,2,否,a\nC,5,是,a\nZ,99,否,b\n"
    found = {name: leaf["points"] for name, leaf in leaves(scheme, csv).items()}
    assert found == {"A": "0.00", "B": "2.50", "C": "10.00"}
    assert run(scheme, csv)["left_out"][0]["carrier"] == "Z"


def test_a_choice_goes_by_the_text_as_written() -> None:
    scheme = scheme_of("rule: {type: choice, field: c, choices: {'02': 4, 2: 3, 是: 2}}")
    found = leaves(scheme, "carrier,c\nA, 02 \nB,2\nC,是\nD,\n")
    assert [found[name]["points"] for name in "ABCD"] == ["4.00", "3.00", "2.00", "0.00"]


def test_every_unknown_text_of_a_choice_is_an_error_with_its_place() -> None:
    scheme = scheme_of("rule: {type: choice, field: c, choices: {a: 4}}")
    with pytest.raises(Refused) as refused:
        run(scheme, "carrier,c\nA,a\nB,b\nC,c\n")
    assert [(p.place, p.found) for p in refused.value.problems] == [("B.c", "b"), ("C.c", "c")]


def test_coefficients_count_a_missing_field_as_nothing_unless_all_are_missing() -> None:
    scheme = scheme_of("rule: {type: coefficients, of: {a: 2, b: 0.5, f: 1}}, missing: exclude")
    found = leaves(scheme, "carrier,a,b,f\nA,1,3,是\nB,,3,\nC,,,\n")
    assert [found[name]["points"] for name in "ABC"] == ["4.50", "1.50", "0.00"]
    assert "不计入基础分" in found["C"]["because"]


@pytest.mark.parametrize(
    ("combine", "marks", "points"),
    [
        ("mean", ["80", "90"], "8.50"),
        ("mean", ["80", "", "91"], "8.55"),
        ("median", ["10", "80", "90"], "8.00"),
        ("median", ["10", "80", "90", "100"], "8.50"),
        ("trimmed", ["0", "80", "90", "100"], "6.75"),  # four marks: the mean
        ("trimmed", ["0", "80", "90", "100", "100"], "9.00"),
        ("trimmed", ["0", "80", "90", "100", ""], "6.75"),  # an abstention is no mark
        ("trimmed, trim: 2, trim_from: 5", ["0", "10", "70", "90", "100"], "7.00"),
        ("mean, out_of: 10", ["7", "8"], "7.50"),
        ("mean", ["", ""], "0.00"),
        ("mean", [], "0.00"),
    ],
)
def test_experts_marks_are_combined(combine: str, marks: list[str], points: str) -> None:
    scheme = scheme_of(f"rule: {{type: expert, combine: {combine}}}")
    assert leaves(scheme, "carrier\nA\n", marks=marks_of(*marks))["A"]["points"] == points


@pytest.mark.parametrize(
    ("leaf", "cell", "words"),
    [
        ("value: x, rule: {type: per, every: 1, add: 1}", "", "未填报：x；缺失，得 0 分"),
        ("value: 1 / x, rule: {type: per, every: 1, add: 1}", "0", "除数为零：1 / x；缺失，得 0 分"),
        ("value: x, rule: {type: target, target: x - 1}", "1", "目标值 0 不大于零；缺失，得 0 分"),
        (
            "value: x, rule: {type: benchmark, against: mean}",
            "-1",
            "标杆值不大于零：1 家的平均值为 -1；缺失，得 0 分",
        ),
        (
            "value: x, rule: {type: per, every: 1, add: 1}",
            "12",
            "12，每 1 得 1 分，计 12 个：1 × 12 = 12；超过满分，按 10 分计",
        ),
        (
            "value: x, unit: 个, rule: {type: step, base_at: 5, base: 3, every: 2, add: 0.5}",
            "8",
            "8 个，达到起算值 5 得 3 分，其上每 2 加 0.5 分，计 1 个：3 + 0.5 × 1 = 3.5",
        ),
    ],
)
def test_because_says_in_words_what_made_the_points(leaf: str, cell: str, words: str) -> None:
    assert leaves(scheme_of(leaf), f"carrier,x\nA,{cell}\n")["A"]["because"] == words


def test_because_tells_abstentions_from_no_marks() -> None:
    scheme = scheme_of("rule: {type: expert, combine: mean}")
    because = [
        leaves(scheme, "carrier\nA\n", marks=marks_of(*marks))["A"]["because"] for marks in (["", ""], [])
    ]
    assert because == ["专家均弃权（2 人）；缺失，得 0 分", "没有专家评分；缺失，得 0 分"]


def test_points_are_limited_then_rounded_half_up() -> None:
    rule = "type: formula, points: v"
    assert points_of(rule, "0.005", "0.0049", "9.995", decimals=2) == ["0.01", "0.00", "10.00"]
    assert points_of(rule, "0.5", "1.5", "2.5", decimals=0) == ["1", "2", "3"]
    assert points_of(rule, "0.00000001", decimals=8) == ["0.00000001"]
    assert points_of(rule, "0", decimals=8) == ["0.00000000"]
