"""A policy file: every fault of it with its path, nothing loaded."""

from __future__ import annotations

import pytest

from core.expressions import Kind
from core.problems import Problem, Refused
from funding.rules.policy import load_policy

KINDS = {"n": Kind.NUMBER, "grade": Kind.TEXT, "level": Kind.TEXT, "f": Kind.BOOL, "day": Kind.DATE}

GOOD = """
policy: city-2022
version: 1
title: 示例市奖补
clause: 示例办法第三条
awards:
  - code: operating
    title: 年度绩效运营补贴
    payer: city
    clause: 示例办法第五条
    when: grade in ["A", "B"]
    amount: {by: grade, A: 1000000, B: 600000.50, '02': 0}
  - {code: firms, amount: {each: 50000, count: n}, at_most: 1000000, less: 'coalesce(n, 0) * 2'}
  - {code: match, amount: {share: 0.5, of: n}, when: f}
  - {code: pool, amount: {pot: 2000000, by_value: total}, when: true}
  - {code: fixed, amount: 200000, payer: ''}
exclusive:
  - [operating, firms]
caps:
  - {awards: [operating, firms], at_most: n * 2}
budget: {total: 30000000, when_short: prorate}
rounding: {to: 0.05}
"""


def faults(text: str, kinds: dict[str, Kind] | None = None, year: int | None = None) -> list[Problem]:
    with pytest.raises(Refused) as refused:
        load_policy(text, kinds=kinds, year=year)
    return list(refused.value.problems)


def places(text: str, kinds: dict[str, Kind] | None = None) -> list[str]:
    return [problem.place for problem in faults(text, kinds)]


def policy(awards: str = "[{code: a, amount: 1}]", more: str = "") -> str:
    return f"policy: p\nversion: 1\ntitle: 示例\nawards: {awards}\n{more}"


def test_a_good_policy_is_read() -> None:
    loaded = load_policy(GOOD, kinds=KINDS)
    assert [award.code for award in loaded.policy.awards] == ["operating", "firms", "match", "pool", "fixed"]
    assert str(loaded.policy.rounding.to) == "0.05"
    assert loaded.digest.startswith("sha256:")


def test_without_rounding_the_step_is_a_cent() -> None:
    assert str(load_policy(policy()).policy.rounding.to) == "0.01"


BAD = """
policy: Bad Code
version: 1.5
awards:
  - {code: a, amount: {by: nosuch, A: -1, B: x, C: '5'}}
  - {code: a, amount: 0100, when: grade > 1, extra: 1}
  - {code: b, amount: {each: 1, of: n}, less: 'foo(1) + 1_000', at_most: level}
  - {code: c, amount: {}, payer: }
  - {code: d, amount: [1], when: 'x == 1'}
  - {code: e, amount: {pot: 5, by_value: day}}
exclusive: [[a, zz], a]
caps: [{awards: [a, a, q], at_most: nope}, 5]
budget: {total: 1.234, when_short: later}
budgets: [{payer: x, total: 1, when_short: refuse}, {payer: x, total: 1, when_short: refuse}]
rounding: {to: 0.015}
"""


def test_every_fault_at_once_with_its_path() -> None:
    assert places(BAD, KINDS) == [
        "awards[3].payer",
        "policy",
        "version",
        "title",
        "awards[0].amount.A",
        "awards[0].amount.B",
        "awards[0].amount.C",
        "awards[1].amount",
        "awards[1].extra",
        "awards[2].amount.count",
        "awards[2].amount.of",
        "awards[2].less",
        "awards[2].less",
        "awards[3].amount",
        "awards[4].amount",
        "exclusive[1]",
        "caps[1]",
        "budget.total",
        "budget.when_short",
        "rounding.to",
        "awards[1].code",
        "exclusive[0][1]",
        "caps[0].awards[1]",
        "caps[0].awards[2]",
        "budgets",
        "budgets[1].payer",
        "awards[1].when",
        "awards[2].at_most",
        "awards[4].when",
        "awards[5].amount.by_value",
        "caps[0].at_most",
        "awards[0].amount.by",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (policy("[]"), "awards"),
        (policy("{a: 1}"), "awards"),
        (policy(more="rounding: {to: 0}"), "rounding.to"),
        (policy(more="rounding: {to: -1}"), "rounding.to"),
        (policy(more="budget: {total: 5}"), "budget.when_short"),
        (policy(more="budget: {total: -5, when_short: refuse}"), "budget.total"),
        (policy(more="budgets: [{total: 5, when_short: refuse}]"), "budgets[0].payer"),
        (policy(more="budget: {total: 5, when_short: refuse, payer: x}"), "budget.payer"),
        (policy(more="exclusive: [[]]"), "exclusive[0]"),
        (policy(more="caps: [{awards: [a]}]"), "caps[0].at_most"),
        (policy(more="version: 2"), "version"),
        (policy("[{code: a, amount: -1}]"), "awards[0].amount"),
        (policy("[{code: a, amount: 1_000}]"), "awards[0].amount"),
        (policy("[{code: a, amount: n * 2}]"), "awards[0].amount"),
        (policy("[{code: a, amount: {by: 'n + 1', A: 1}}]"), "awards[0].amount.by"),
        (policy("[{code: a, amount: {share: 1}}]"), "awards[0].amount.of"),
        (policy("[{code: a, amount: {share: n, of: n}}]"), "awards[0].amount.share"),
        (policy("[{code: a, amount: {pot: 1, by_value: n, each: 5}}]"), "awards[0].amount.pot"),
        (policy("[{code: a}]"), "awards[0].amount"),
        (policy("[{amount: 1}]"), "awards[0].code"),
        (policy("[{code: a, amount: 1, when: points.B1 > 1}]"), "awards[0].when"),
        (policy("[5]"), "awards[0]"),
        ("- 1", ""),
        ("text", ""),
    ],
)
def test_a_fault_has_its_path(text: str, place: str) -> None:
    assert place in places(text)


@pytest.mark.parametrize("name", ["grade", "total", "rank", "level", "kind", "class", "region"])
def test_what_a_result_offers_is_a_field_also_without_a_column(name: str) -> None:
    text = policy(f"[{{code: a, when: '{name} == 1', amount: {{by: {name}, A: 1}}}}]")
    assert load_policy(text, kinds={}).policy.awards[0].code == "a"


def test_the_end_of_the_year_needs_a_year() -> None:
    text = policy("[{code: a, when: day < year_end, amount: 1}]")
    assert [problem.place for problem in faults(text, KINDS)] == ["awards[0].when"]
    assert load_policy(text, kinds=KINDS, year=2025)
