"""A policy in words, in every kind of amount and limit."""

from __future__ import annotations

from funding.rules.explained import award_lines, limit_lines
from funding.rules.policy import load_policy

POLICY = """
policy: all-kinds
version: 1
title: 各种金额
awards:
  - {code: a, title: 等级补贴, payer: 省级, when: 'rank <= 10', amount: {by: kind, incubator: 1000}}
  - {code: b, amount: {each: 50000, count: firms}, at_most: 1000000, clause: 第三条}
  - {code: c, amount: {share: 0.5, of: received}, less: paid}
  - {code: d, amount: {pot: 2000000, by_value: total}}
  - {code: e, amount: 200000}
exclusive: [[a, b]]
caps: [{awards: [a, b], at_most: 900000}]
budgets:
  - {payer: 省级, total: 5000000, when_short: by_rank}
  - {payer: "", total: 10, when_short: refuse}
rounding: {to: 100}
"""


def test_every_amount_is_said() -> None:
    lines = award_lines(load_policy(POLICY).policy, {})
    assert [[str(words) for words in line.amounts] for line in lines] == [
        ["载体类型为“科技企业孵化器”：1,000 元"],
        ["每项 50,000 元 × firms", "单项封顶 1000000 元"],
        ["received × 0.5", "补差：减已获 paid"],
        ["总额 2,000,000 元，按 总分 分配"],
        ["定额 200,000 元"],
    ]
    assert [(line.title, line.payer, line.when, line.clause) for line in lines[:2]] == [
        ("等级补贴", "省级", "名次 ≤ 10", ""),
        ("b", "", "", "第三条"),
    ]


def test_every_limit_is_said() -> None:
    assert [str(words) for words in limit_lines(load_policy(POLICY).policy)] == [
        "就高不重复：等级补贴、b",
        "等级补贴、b 合计封顶 900000 元",
        "金额向下取整到 100 元的整数倍",
        "省级预算 5,000,000 元，不足时按名次依次安排",
        "预算 10 元，不足时不予安排",
    ]
