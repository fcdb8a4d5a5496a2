"""Ranks and grades: shares, ties at the cut, ceilings, fixed grades, groups, alternatives."""

from __future__ import annotations

import pytest

from tests.evaluation.small import graded, run, scheme_of

FIVE = {"A": "90", "B": "80", "C": "70", "D": "60", "E": "50"}
REST = "{grade: 低, label: 低}"


def grades(rows: str, totals: dict[str, str], keys: str = "", **more: str) -> str:
    found = graded(f"{keys} grades: [{rows}, {REST}]", totals, **more)
    return "".join(f"{name}{found[name][1]}" for name in totals)


@pytest.mark.parametrize(
    ("rounding", "share", "top"),
    [
        ("down", "0.39", "A"),
        ("down", "0.4", "AB"),
        ("down", "0.59", "AB"),
        ("half_up", "0.29", "A"),
        ("half_up", "0.3", "AB"),
        ("up", "0.21", "AB"),
        ("up", "0.2", "A"),
    ],
)
def test_share_of_n_becomes_places(rounding: str, share: str, top: str) -> None:
    found = grades(f"{{grade: 高, label: 高, top_share: {share}}}", FIVE, f"share_rounding: {rounding},")
    assert found == "".join(f"{name}{'高' if name in top else '低'}" for name in FIVE)


@pytest.mark.parametrize(
    ("conditions", "top"),
    [
        ("top_share: 0.1, min_places: 2", "AB"),
        ("top_share: 0.6, min_places: 1", "ABC"),
        ("top_share: 1, at_most: 2", "AB"),
        ("top_share: 0.1, min_places: 3, at_most: 1", "A"),
        ("at_most: 0", ""),
        ("score_at_least: 70", "ABC"),
        ("score_at_least: 70.01", "AB"),
        ("score_at_least: 80, top_share: 0.8", "AB"),
    ],
)
def test_places_are_limited_and_the_score_must_be_reached(conditions: str, top: str) -> None:
    found = grades(f"{{grade: 高, label: 高, {conditions}}}", FIVE)
    assert found == "".join(f"{name}{'高' if name in top else '低'}" for name in FIVE)


@pytest.mark.parametrize(
    ("ties", "places", "expected"),
    [
        ("exclude", 2, "A高B低C低D低"),
        ("include", 2, "A高B高C高D低"),
        ("exclude", 3, "A高B高C高D低"),
        ("include", 3, "A高B高C高D低"),
        ("include", 1, "A高B低C低D低"),
    ],
)
def test_a_tied_group_at_the_cut(ties: str, places: int, expected: str) -> None:
    totals = {"A": "90", "B": "80", "C": "80", "D": "60"}
    row = f"{{grade: 高, label: 高, at_most: {places}}}"
    assert grades(row, totals, f"ties_at_cut: {ties},") == expected


def test_equal_totals_share_a_rank_and_the_next_one_is_skipped() -> None:
    found = graded(f"grades: [{REST}]", {"A": "90", "B": "80", "C": "80", "D": "60"})
    assert {name: rank for name, (rank, _) in found.items()} == {"A": 1, "B": 2, "C": 2, "D": 4}


def test_a_tie_is_broken_by_the_points_of_leaves_in_order() -> None:
    leaf = "{{code: {0}, title: t, full: 10, value: {0}, rule: {{type: per, every: 1, add: 1}}}}"
    leaves = ", ".join(leaf.format(code) for code in "pq")
    scheme = (
        f"{{scheme: s, version: 1, title: t, full: 20, indicators: [{leaves}], "
        f"grading: {{tie_break: [q], grades: [{REST}]}}}}"
    )
    found = run(scheme, "carrier,p,q\nA,5,4\nB,4,5\nC,4,5\nD,1,1\n")["carriers"]
    assert [(one["carrier"], one["rank"]) for one in found] == [("B", 1), ("C", 1), ("A", 3), ("D", 4)]


def test_the_same_grade_in_two_rows_is_an_alternative() -> None:
    rows = "{grade: 高, label: 高, top_share: 0.2}, {grade: 高, label: 高, score_at_least: 75}"
    assert grades(rows, FIVE) == "A高B高C低D低E低"


def test_shares_count_from_the_top_best_and_next_together() -> None:
    rows = "{grade: 高, label: 高, top_share: 0.2}, {grade: 中, label: 中, top_share: 0.6}"
    assert grades(rows, FIVE) == "A高B中C中D低E低"


def test_places_are_counted_within_each_group_and_ranks_over_all() -> None:
    keys = "group: [town], grades: [{grade: 高, label: 高, top_share: 0.5}, " + REST + "]"
    found = graded(keys, FIVE, more="town", cells="A:x B:x C:x D:y E:y")
    assert found == {"A": (1, "高"), "B": (2, "低"), "C": (3, "低"), "D": (4, "高"), "E": (5, "低")}


def test_the_base_of_the_shares_may_be_a_condition() -> None:
    row = "{grade: 高, label: 高, top_share: 0.5}"
    assert grades(row, FIVE, "base: n == 1,", more="n", cells="A:1 B:0 C:1 D:0 E:0") == "A高B低C低D低E低"


def test_a_ceiling_lets_the_next_one_up_but_its_carrier_stays_in_n() -> None:
    keys = "ceilings: [{when: bad, at_most: 低, reason: 事故}],"
    row = "{grade: 高, label: 高, top_share: 0.4}"
    found = grades(row, FIVE, keys, more="bad", cells="A:是 B:否 C:否 D:否 E:否")
    assert found == "A低B高C高D低E低"


def test_the_lowest_of_all_ceilings_counts_over_a_fixed_grade_too() -> None:
    keys = (
        "fixed: [{when: up, grade: 高, reason: 上级}, {when: up, grade: 低, reason: 后}], "
        "ceilings: [{when: bad, at_most: 中, reason: 一}, {when: worse, at_most: 低, reason: 二}],"
    )
    rows = "{grade: 高, label: 高, at_most: 5}, {grade: 中, label: 中, at_most: 5}"
    cells = "A:是,否,否 B:是,是,否 C:是,是,是 D:否,是,否 E:否,是,是"
    assert grades(rows, FIVE, keys, more="up,bad,worse", cells=cells) == "A高B中C低D中E低"


def test_a_fixed_grade_has_no_rank_takes_no_place_and_is_not_in_n() -> None:
    keys = "fixed: [{when: up, grade: 高, reason: 上级}], grades: [{grade: 高, label: 高, top_share: 0.5}, "
    found = graded(keys + REST + "]", FIVE, more="up", cells="A:是 B:否 C:否 D:否 E:否")
    assert found == {"B": (1, "高"), "C": (2, "高"), "D": (3, "低"), "E": (4, "低"), "A": (None, "高")}
    assert list(found) == ["B", "C", "D", "E", "A"]


def test_a_ceiling_may_look_at_the_points() -> None:
    keys = "ceilings: [{when: points.L < 85 and total == base and bonus == 0, at_most: 低, reason: 单项}],"
    assert grades("{grade: 高, label: 高, at_most: 5}", FIVE, keys) == "A高B低C低D低E低"


def test_every_grade_has_its_reason_in_words() -> None:
    grading = (
        "fixed: [{when: gone, grade: D, reason: 未报送}], "
        "ceilings: [{when: bad, at_most: D, reason: 发生事故}], "
        "grades: [{grade: A, label: 优秀, score_at_least: 60, top_share: 0.5}, {grade: D, label: 不合格}]"
    )
    scheme = scheme_of("value: x, rule: {type: per, every: 1, add: 1}", full="100", grading=grading)
    csv = "carrier,x,gone,bad\nA,90,否,否\nB,80,否,是\nC,70,是,否\nE,70,否,否\nF,70,否,否\nG,5,否,否\n"
    found = {one["carrier"]: one["reason"] for one in run(scheme, csv)["carriers"]}
    assert found == {
        "A": "总分 90.00，第 1 名，达到 60 分，列第 1 位，在 2 个名额以内（5 家的 50%），评为 A（优秀）",
        "B": "总分 80.00，第 2 名，评为 D（不合格）；发生事故，最高只能评为 D（不合格）",
        "C": "未报送，直接定为 D（不合格），不参加排名",
        "E": "总分 70.00，第 3 名，评为 D（不合格）；未获 A（优秀）：第 2 至 3 位并列，名额 2 个容纳不下",
        "F": "总分 70.00，第 3 名，评为 D（不合格）；未获 A（优秀）：第 2 至 3 位并列，名额 2 个容纳不下",
        "G": "总分 5.00，第 5 名，评为 D（不合格）；未获 A（优秀）：总分未达到 60",
    }
