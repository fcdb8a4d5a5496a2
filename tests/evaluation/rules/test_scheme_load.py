"""A bad scheme is refused with every fault, each with its path in the file."""

from __future__ import annotations

import pytest

from core.expressions import Kind
from core.problems import Refused
from evaluation.rules.scheme_load import load_scheme, read_scheme
from evaluation.rules.scheme_uses import names_of

KINDS = {"x": Kind.NUMBER, "word": Kind.TEXT, "day": Kind.DATE, "yes": Kind.BOOL, "empty": None}
PER = "{type: per, every: 1, add: 1}"

GOOD = """
scheme: good-1
version: 1
title: 好
decimals: 1
full: 20
applies_to: yes
indicators:
  - {code: G, title: 组, cap: 15, items: [{code: A, title: 甲, full: 10, value: x, rule: RULE}]}
  - {code: B, title: 乙, full: 10, clause: 第一条, value: x, rule: {type: per, every: 1, add: 1}}
bonus: {cap: 5, items: [{code: C, title: 丙, full: 5, value: x, rule: {type: range}}]}
total: {max: 25}
grading:
  group: [word]
  base: x > 0
  tie_break: [A, C]
  grades:
    - {grade: A, label: 优, score_at_least: 5}
    - {grade: A, label: 优, top_share: 0.2}
    - {grade: D, label: 差}
  fixed: [{when: x < 0, grade: D, reason: 无}]
  ceilings: [{when: points.C < 1 or total < 3, at_most: D, reason: 低}]
"""


def places(text: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        load_scheme(text, KINDS)
    assert all(str(problem.message) for problem in refused.value.problems)
    return [problem.place for problem in refused.value.problems]


def scheme(rule: str = PER, **changes: str) -> str:
    text = GOOD.replace("RULE", rule)
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def changed(old: str, new: str) -> str:
    text = scheme()
    assert old in text
    return text.replace(old, new, 1)


def test_a_good_scheme_has_its_leaves_in_order_and_knows_what_it_reads() -> None:
    loaded = load_scheme(scheme(), KINDS)
    assert [leaf.code for leaf in loaded.leaves] == ["A", "B", "C"]
    assert names_of(loaded.uses) == {"x", "yes", "word"}
    assert loaded.grading.order == ("A", "D")
    assert load_scheme(scheme()).digest == loaded.digest
    assert read_scheme(loaded.source, KINDS).digest == loaded.digest


def test_the_digest_is_of_the_content_and_not_of_the_file() -> None:
    digest = load_scheme(scheme()).digest
    assert (
        load_scheme("# a comment\n" + changed("version: 1\ntitle: 好", "title: 好\nversion: 1")).digest
        == digest
    )
    assert load_scheme(changed("full: 20", "full: 20.0")).digest != digest


RULE_PATH = "indicators[0].items[0].rule"


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("{type: nope}", ".type"),
        ("{every: 1, add: 1}", ".type"),
        ("{type: per, every: 0, add: 1}", ".every"),
        ("{type: per, every: 1_000, add: 1}", ".every"),
        ("{type: per, every: 0100, add: 1}", ".every"),
        ("{type: per, every: 1:30, add: 1}", ".every"),
        ("{type: per, every: '1', add: 1}", ".every"),
        ("{type: per, every: 1}", ".add"),
        ("{type: per, every: 1, add: 1, base: 1}", ".base"),
        ("{type: per, every: 1, add: 1, whole: yes}", ".whole"),
        ("{type: step, base_at: 1, base: 1, every: -1, add: 1}", ".every"),
        ("{type: linear, points: [[1, 2]]}", ".points"),
        ("{type: linear, points: [[1, 2], [1, 3]]}", ".points[1]"),
        ("{type: linear, points: [[1, 2], [2, 3, 4]]}", ".points[1]"),
        ("{type: target, target: x +}", ".target"),
        ("{type: target, target: nofield}", ".target"),
        ("{type: target, target: word}", ".target"),
        ("{type: tiers, tiers: [[1, 2], [3, 4]]}", ".tiers[1]"),
        ("{type: tiers, tiers: [[3, 2], [1, 4]], order: low}", ".tiers[1]"),
        ("{type: tiers, tiers: [[3, 2]], order: up}", ".order"),
        ("{type: tiers, tiers: []}", ".tiers"),
        ("{type: choice, field: nofield, choices: {a: 1}}", ".field"),
        ("{type: choice, field: word, choices: {a: b}}", ".choices.a"),
        ("{type: choice, field: word, choices: {}}", ".choices"),
        ("{type: pass, when: day}", ".when"),
        ("{type: pass, when: x is 3}", ".when"),
        ("{type: coefficients, of: {x: 1, word: 2}}", ".of.word"),
        ("{type: coefficients, of: {x: 1, nofield: 2}}", ".of.nofield"),
        ("{type: benchmark, against: p101}", ".against"),
        ("{type: benchmark, against: mean, group: [nofield]}", ".group[0]"),
        ("{type: benchmark, against: mean, group: word}", ".group"),
        ("{type: rank, tiers: [[0.5, 2], [0.2, 4]]}", ".tiers[1]"),
        ("{type: rank, tiers: [[20, 2]]}", ".tiers[0][0]"),
        ("{type: expert, combine: mode}", ".combine"),
        ("{type: expert, combine: trimmed, trim: 3}", ".trim_from"),
        ("{type: expert, combine: trimmed, trim: 2, trim_from: 4}", ".trim_from"),
        ("{type: expert, combine: mean, trim: 1}", ".trim"),
        ("{type: expert, combine: mean, out_of: 0}", ".out_of"),
        ("{type: formula, points: total}", ".points"),
        ("{type: formula, points: word}", ".points"),
        ("{type: formula, points: v and points.B}", ".points"),
    ],
)
def test_a_fault_of_a_rule_has_its_path(rule: str, place: str) -> None:
    assert places(scheme(rule)) == [RULE_PATH + place]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("scheme: good-1", "scheme: Good", "scheme"),
        ("version: 1", "version: 0", "version"),
        ("version: 1", "version: 1\nextra: 1", "extra"),
        ("title: 好\n", "", "title"),
        ("decimals: 1", "decimals: -1", "decimals"),
        ("full: 20\n", "full: 21\n", "full"),
        ("applies_to: yes", "applies_to: nofield", "applies_to"),
        ("applies_to: yes", "applies_to: prev.x > 1", "applies_to"),
        ("cap: 15", "cap: 15.25", "indicators[0].cap"),
        ("cap: 15", "cap: 0", "indicators[0].cap"),
        ("code: B", "code: A", "indicators[1].code"),
        ("code: B", "code: G", "indicators[1].code"),
        ("value: x, rule: {type: range}", "rule: {type: range}", "bonus.items[0].value"),
        ("value: x, rule: {type: range}", "value: word, rule: {type: range}", "bonus.items[0].value"),
        ("value: x, rule: {type: range}", "value: x - day, rule: {type: range}", "bonus.items[0].value"),
        ("rule: {type: range}", "rule: {type: range}, missing: exclude", "bonus.items[0].missing"),
        ("rule: {type: range}", "rule: {type: range}, weight: 2", "bonus.items[0].weight"),
        ("cap: 5, items", "cap: 5.55, items", "bonus.cap"),
        ("max: 25", "max: 25.25", "total.max"),
        ("group: [word]", "group: [nofield]", "grading.group[0]"),
        ("base: x > 0", "base: total > 0", "grading.base"),
        ("tie_break: [A, C]", "tie_break: [A, G]", "grading.tie_break[1]"),
        ("tie_break: [A, C]", "tie_break: [A, A]", "grading.tie_break[1]"),
        ("top_share: 0.2", "top_share: 20", "grading.grades[1].top_share"),
        ("top_share: 0.2", "top: 0.2", "grading.grades[1].top"),
        ("label: 差}", "label: 差, score_at_least: 1}", "grading.grades[2]"),
        (
            "{grade: D, label: 差}",
            "{grade: D, label: 差}\n    - {grade: A, label: 优}",
            "grading.grades[3].grade",
        ),
        ("label: 优, top", "label: 良, top", "grading.grades[1].label"),
        ("when: x < 0, grade: D", "when: x < 0, grade: E", "grading.fixed[0].grade"),
        ("when: x < 0, grade: D", "when: total < 0, grade: D", "grading.fixed[0].when"),
        ("at_most: D", "at_most: E", "grading.ceilings[0].at_most"),
        ("points.C < 1", "points.Z < 1", "grading.ceilings[0].when"),
        ("points.C < 1", "x == word", "grading.ceilings[0].when"),
        ("total < 3", "nofield < 3", "grading.ceilings[0].when"),
    ],
)
def test_a_fault_elsewhere_has_its_path(old: str, new: str, place: str) -> None:
    assert places(changed(old, new)) == [place]


def test_all_faults_are_told_at_once_of_every_kind() -> None:
    text = scheme("{type: per, every: 0, add: 1}")
    for old, new in [
        ("title: 好", "titel: 好"),
        ("value: x, rule: {type: range}", "value: nofield, rule: {type: range}"),
        ("full: 20\n", "full: 30\n"),
        ("at_most: D", "at_most: E"),
        ("tie_break: [A, C]", "tie_break: [Z]"),
    ]:
        text = text.replace(old, new, 1)
    assert sorted(places(text)) == [
        "bonus.items[0].value",
        "full",
        "grading.ceilings[0].at_most",
        "grading.tie_break[0]",
        "indicators[0].items[0].rule.every",
        "titel",
        "title",
    ]


@pytest.mark.parametrize("text", ["[]", "a", "{}", "", "{indicators: 3, grading: [], bonus: x}", "- - - 1"])
def test_what_is_no_scheme_at_all_is_refused_too(text: str) -> None:
    assert len(places(text)) > 0


def test_full_has_at_most_the_places_of_the_scheme_and_idle_zeros_do_not_count() -> None:
    assert places(changed("full: 20\n", "full: 20.05\n")) == ["full", "full"]  # nor is it the sum
    assert load_scheme(changed("full: 20\n", "full: 20.00\n")).full == 20


def test_names_may_be_checked_later_and_a_column_without_values_fits() -> None:
    text = changed("applies_to: yes", "applies_to: empty == 'a' or empty > 3 or nofield")
    assert load_scheme(text).code == "good-1"
    assert places(text) == ["applies_to"]


def test_v_has_the_type_of_the_value() -> None:
    word = "{type: formula, points: \"5 if v == 'a' else 0\"}"
    text = scheme(word).replace("value: x, rule: {type: formula", "value: word, rule: {type: formula")
    assert load_scheme(text, KINDS).leaves[0].code == "A"
    wrong = text.replace("v == 'a'", "v > 3")
    assert places(wrong) == [RULE_PATH + ".points"]
