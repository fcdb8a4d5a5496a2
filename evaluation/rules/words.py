"""The rules of a scheme in words that people read: one sentence a leaf, names as the form calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.expressions.words import in_words, name_in_words
from core.text import T, Text, chained
from evaluation.rules import scheme_shape as shape
from evaluation.rules.exact import percent, plain
from evaluation.rules.scheme import Leaf

Titles = Mapping[str, str]
_NEXT = T("{head}；{rest}")
_COMBINED = {"mean": T("取平均"), "median": T("取中位数")}
_AGAINST = {"mean": T("平均值"), "median": T("中位数"), "max": T("最高值"), "min": T("最低值")}


def names_of_leaf(leaf: Leaf) -> list[str]:
    """The fields that a leaf reads, in the order of the alphabet."""
    names: set[str] = set()
    for expression in (leaf.value, leaf.inner):
        names |= set() if expression is None else set(expression.names)
    if isinstance(leaf.rule, shape.Coefficients):
        names |= set(leaf.rule.of)
    elif isinstance(leaf.rule, shape.Choice):
        names.add(leaf.rule.field)
    return sorted(names - {"full", "v"})


def _points(of: str, points: Decimal) -> Text:
    return T("{of} → {points} 分", of=of, points=plain(points))


def _listed(pairs: Sequence[Sequence[Decimal]], share: bool = False) -> Text:
    shown = percent if share else plain
    return chained([_points(shown(bound), points) for bound, points in pairs], _NEXT)


def _step(rule: shape.Step, leaf: Leaf, titles: Titles) -> Text:
    return T(
        "{at} 起得 {base} 分，其上每 {every} 加 {add} 分，至多 {full} 分",
        at=plain(rule.base_at),
        base=plain(rule.base),
        every=plain(rule.every),
        add=plain(rule.add),
        full=plain(leaf.full),
    )


def _per(rule: shape.Per, leaf: Leaf, titles: Titles) -> Text:
    return T(
        "每 {every} 得 {add} 分，至多 {full} 分",
        every=plain(rule.every),
        add=plain(rule.add),
        full=plain(leaf.full),
    )


def _linear(rule: shape.Linear, leaf: Leaf, titles: Titles) -> Text:
    return T("各点之间按直线：{points}", points=_listed(rule.points))


def _target(rule: shape.Target, leaf: Leaf, titles: Titles) -> Text:
    return T("目标 {target}，按完成比例，至多满分", target=in_words(rule.target, titles))


def _tiers(rule: shape.Tiers, leaf: Leaf, titles: Titles) -> Text:
    words = T("达到 {tiers}；其余 {other} 分")
    if rule.order is shape.Order.LOW:
        words = T("不超过 {tiers}；其余 {other} 分")
    return T(words.msgid, tiers=_listed(rule.tiers), other=plain(rule.otherwise))


def _choice(rule: shape.Choice, leaf: Leaf, titles: Titles) -> Text:
    listed = chained([_points(key, points) for key, points in rule.choices.items()], _NEXT)
    return T("按{field}：{choices}", field=name_in_words(rule.field, titles), choices=listed)


def _pass(rule: shape.Pass, leaf: Leaf, titles: Titles) -> Text:
    return T("满足“{when}”得满分，否则 0 分", when=in_words(rule.when, titles))


def _coefficients(rule: shape.Coefficients, leaf: Leaf, titles: Titles) -> Text:
    listed = " + ".join(
        f"{name_in_words(name, titles)} × {plain(number)}" for name, number in rule.of.items()
    )
    return T("{sum}，至多 {full} 分", sum=listed, full=plain(leaf.full))


def _benchmark(rule: shape.Benchmark, leaf: Leaf, titles: Titles) -> Text:
    against = _AGAINST.get(rule.against) or T("第 {n} 百分位", n=rule.against[1:])
    return T("与同类{against}之比，至多满分", against=against)


def _rank(rule: shape.Rank, leaf: Leaf, titles: Titles) -> Text:
    return T(
        "同类中位次：前 {tiers}；其余 {other} 分",
        tiers=_listed(rule.tiers, True),
        other=plain(rule.otherwise),
    )


def _range(rule: shape.Range, leaf: Leaf, titles: Titles) -> Text:
    if rule.order is shape.Order.LOW:
        return T("在同类最高与最低之间按比例，低者得分高")
    return T("在同类最低与最高之间按比例")


def _expert(rule: shape.Expert, leaf: Leaf, titles: Titles) -> Text:
    combined = _COMBINED.get(rule.combine) or T(
        "{least} 份及以上时去掉 {n} 个最高和 {n} 个最低后取平均", least=rule.from_marks, n=rule.dropped
    )
    return T("专家评分（满分 {most}），{combined}", most=plain(rule.out_of), combined=combined)


def _formula(rule: shape.Formula, leaf: Leaf, titles: Titles) -> Text:
    return T("按公式 {points}，至多 {full} 分", points=in_words(rule.points, titles), full=plain(leaf.full))


_WORDS: Mapping[type[Any], Callable[[Any, Leaf, Titles], Text]] = {
    shape.Step: _step,
    shape.Per: _per,
    shape.Linear: _linear,
    shape.Target: _target,
    shape.Tiers: _tiers,
    shape.Choice: _choice,
    shape.Pass: _pass,
    shape.Coefficients: _coefficients,
    shape.Benchmark: _benchmark,
    shape.Rank: _rank,
    shape.Range: _range,
    shape.Expert: _expert,
    shape.Formula: _formula,
}


def rule_in_words(leaf: Leaf, titles: Titles) -> Text:
    """How a leaf is scored, in one sentence."""
    return _WORDS[type(leaf.rule)](leaf.rule, leaf, titles)


def grade_in_words(row: shape.GradeShape) -> Text:
    """The conditions of one row of the grades."""
    parts: list[Text] = []
    if row.score_at_least is not None:
        parts.append(T("≥ {points} 分", points=plain(row.score_at_least)))
    if row.top_share is not None:
        parts.append(T("前 {share}", share=percent(row.top_share)))
    if row.at_most is not None:
        parts.append(T("至多 {n} 家", n=row.at_most))
    if row.min_places is not None:
        parts.append(T("至少 {n} 个名额", n=row.min_places))
    return chained(parts, T("{head}，{rest}")) if parts else T("其余")
