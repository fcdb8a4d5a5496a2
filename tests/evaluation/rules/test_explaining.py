"""Rules in words, the dossier's tree, the console's counts, an expert's own sum."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.expressions.words import in_words
from evaluation.rules.dossier import explained, scheme_lines
from evaluation.rules.expert_marks import Given, expert_leaves, needs_comment, own_points, own_total
from evaluation.rules.facts import FACTS, exact_fact, title_of
from evaluation.rules.scheme_load import load_scheme
from evaluation.rules.standing import Standing, bands, grade_counts, percent_of, ties_at_cuts
from evaluation.rules.words import grade_in_words, names_of_leaf, rule_in_words

TITLES = {"area": "场地面积", "people": "从业人员", "kind": "载体类型"}
RULES = [
    (
        "{type: step, base_at: 50, base: 5, every: 1, add: 0.1}",
        "50 起得 5 分，其上每 1 加 0.1 分，至多 10 分",
    ),
    ("{type: per, every: 30, add: 1}", "每 30 得 1 分，至多 10 分"),
    ("{type: linear, points: [[0, 0], [20, 5]]}", "各点之间按直线：0 → 0 分；20 → 5 分"),
    ("{type: target, target: people * 2}", "目标 从业人员 × 2，按完成比例，至多满分"),
    ("{type: tiers, tiers: [[80, 10], [60, 8]], else: 1}", "达到 80 → 10 分；60 → 8 分；其余 1 分"),
    ("{type: tiers, tiers: [[1, 10]], order: low}", "不超过 1 → 10 分；其余 0 分"),
    ("{type: choice, field: kind, choices: {a: 3}}", "按载体类型：a → 3 分"),
    ("{type: pass, when: area >= 100}", "满足“场地面积 ≥ 100”得满分，否则 0 分"),
    ("{type: coefficients, of: {area: 0.5, people: 2}}", "场地面积 × 0.5 + 从业人员 × 2，至多 10 分"),
    ("{type: benchmark, against: p75}", "与同类第 75 百分位之比，至多满分"),
    ("{type: benchmark, against: mean}", "与同类平均值之比，至多满分"),
    ("{type: rank, tiers: [[0.2, 10]], else: 2}", "同类中位次：前 20% → 10 分；其余 2 分"),
    ("{type: range}", "在同类最低与最高之间按比例"),
    ("{type: range, order: low}", "在同类最高与最低之间按比例，低者得分高"),
    ("{type: expert, combine: median, out_of: 10}", "专家评分（满分 10），取中位数"),
    (
        "{type: expert, combine: trimmed}",
        "专家评分（满分 100），5 份及以上时去掉 1 个最高和 1 个最低后取平均",
    ),
    ("{type: formula, points: 'min(v, full)'}", "按公式 min(v, full)，至多 10 分"),
]


def one_leaf(rule: str) -> str:
    return (
        "{scheme: s, version: 1, title: 体系, full: 10, indicators: [{code: L, title: 指标, full: 10, "
        f"value: area, rule: {rule}}}], grading: {{grades: [{{grade: D, label: 不合格}}]}}}}"
    )


@pytest.mark.parametrize(("rule", "words"), RULES)
def test_every_rule_is_said_in_words(rule: str, words: str) -> None:
    (leaf,) = load_scheme(one_leaf(rule)).leaves
    assert str(rule_in_words(leaf, TITLES)) == words


def test_names_are_those_of_the_form_and_texts_stay() -> None:
    assert in_words('kind == "area" and prev.area >= 3', TITLES) == '载体类型 = "area" 且 上年场地面积 ≥ 3'


def test_a_leaf_reads_the_names_of_all_its_parts() -> None:
    (leaf,) = load_scheme(one_leaf("{type: formula, points: 'min(v, full) + prev.people'}")).leaves
    assert names_of_leaf(leaf) == ["area", "prev.people"]
    (leaf,) = load_scheme(one_leaf("{type: coefficients, of: {people: 1}}")).leaves
    assert names_of_leaf(leaf) == ["area", "people"]


TREE = """
scheme: tree
version: 1
title: 树
full: 30
facts: [awards]
form: f
indicators:
  - code: G
    title: 组
    cap: 12
    items:
      - {code: A, title: 甲, full: 10, value: area, rule: {type: per, every: 1, add: 1}}
      - {code: B, title: 乙, full: 10, value: prev.people, rule: {type: per, every: 1, add: 1}}
  - {code: E, title: 丙, full: 10, rule: {type: expert, combine: mean}}
bonus: {cap: 2, items: [{code: X, title: 荣誉, full: 3, value: awards, rule: {type: per, every: 1, add: 1}}]}
deductions:
  items:
    - {code: Y, title: 扣分项, full: 3, value: total_late, rule: {type: per, every: 1, add: 1}}
grading:
  grades:
    - {grade: A, label: 优秀, score_at_least: 80, top_share: 0.2, at_most: 5, min_places: 1}
    - {grade: B, label: 其他}
"""
RESULT = [
    {"code": code, "value": "9", "points": points, "full": "10", "because": "说明"}
    for code, points in (("A", "9.00"), ("B", "8.00"), ("E", "0.00"), ("X", "3.00"), ("Y", "1.00"))
]


def test_the_dossier_is_the_schemes_tree_with_points_and_origins() -> None:
    sources = {"area": {"kind": "file", "cell": "场地!C4"}}
    lines = explained(load_scheme(TREE), RESULT, TITLES, sources)
    assert [(one.code, one.depth, one.points, one.full, one.is_leaf) for one in lines] == [
        ("G", 0, Decimal(12), Decimal(12), False),
        ("A", 1, Decimal(9), Decimal(10), True),
        ("B", 1, Decimal(8), Decimal(10), True),
        ("E", 0, Decimal(0), Decimal(10), True),
        ("", 0, Decimal(2), Decimal(2), False),
        ("X", 1, Decimal(3), Decimal(3), True),
        ("", 0, Decimal(1), Decimal(3), False),
        ("Y", 1, Decimal(1), Decimal(3), True),
    ]
    origins = {one.code: [(o.title, str(o.place)) for o in one.origins] for one in lines if one.origins}
    assert origins == {
        "A": [("场地面积", "工作簿 场地!C4")],
        "B": [("上年从业人员", "往年已受理的报表")],
        "X": [("awards", "年度事实登记")],
        "Y": [("total_late", "由报表名单、算式或登记信息得出")],
    }
    assert [one.is_deduction for one in lines][-2:] == [True, True]
    assert lines[1].share == Decimal("90.0")


def test_the_schemes_page_lists_the_same_tree() -> None:
    lines = scheme_lines(load_scheme(TREE), TITLES)
    assert [(one.code, one.depth, one.full) for one in lines] == [
        ("G", 0, "12"), ("A", 1, "10"), ("B", 1, "10"), ("E", 0, "10"),
        ("", 0, "2"), ("X", 1, "3"), ("", 0, ""), ("Y", 1, "3"),
    ]  # fmt: skip
    rows = load_scheme(TREE).grading.rows
    assert [str(grade_in_words(row)) for row in rows] == ["≥ 80 分，前 20%，至多 5 家，至少 1 个名额", "其余"]


def standing(code: str, total: str, rank: int | None, grade: str) -> Standing:
    return Standing(code, code, Decimal(total), rank, grade)


def test_ties_are_listed_where_they_touch_another_grade() -> None:
    found = ties_at_cuts(
        [
            standing("a", "90", 1, "A"),
            standing("b", "90", 1, "A"),
            standing("c", "80", 3, "A"),
            standing("d", "70", 4, "B"),
            standing("e", "70", 4, "B"),
            standing("f", "60", 6, "B"),
            standing("g", "60", 6, "B"),
            standing("h", "60", None, "C"),
        ]
    )
    assert [(tie.above, tie.below, tie.rank, len(tie.carriers)) for tie in found] == [("A", "B", 4, 2)]
    last = ties_at_cuts([standing("a", "9", 1, "A"), standing("b", "9", 1, "A"), standing("c", "8", 3, "B")])
    assert [(tie.above, tie.below) for tie in last] == [("A", "B")]
    assert ties_at_cuts([]) == []


def test_grades_and_bands_are_counted_whole() -> None:
    found = [standing("a", "59.99", 2, "B"), standing("b", "60", 1, "A"), standing("c", "49.9", 3, "B")]
    counts = grade_counts(load_scheme(TREE).grading, found)
    assert [(one.grade, one.count, one.share) for one in counts] == [
        ("A", 1, Decimal("33.3")),
        ("B", 2, Decimal("66.7")),
    ]
    assert str(counts[0].conditions[0]).endswith("（自上而下 1 个名额）")
    assert [(band.low, band.count) for band in bands(found)] == [(45, 1), (50, 0), (55, 1), (60, 1)]
    assert bands([]) == []
    assert percent_of(1, 0) == 0


def test_an_experts_own_sum_is_exact() -> None:
    scheme = load_scheme(TREE)
    (leaf,) = expert_leaves(scheme)
    assert own_points(leaf, Decimal("66.67"), 2) == Decimal("6.67")
    assert own_points(leaf, None, 2) is None
    assert own_total([leaf], {"E": Given(Decimal("66.67"))}, 2) == Decimal("6.67")
    assert own_total([leaf], {}, 2) == 0
    marks = ("90", "89.99", "60", "59.99", "0")
    assert [needs_comment(leaf, Decimal(mark)) for mark in marks] == [True, False, False, True, True]
    assert not needs_comment(leaf, None)


def test_facts_have_names_and_types() -> None:
    assert str(title_of("accident")) == "发生重大安全事故"
    assert title_of("flood") == "flood"
    assert all(str(known.help) for known in FACTS.values())
    assert exact_fact("flood", " 2025-01-02 ") == "2025-01-02"
