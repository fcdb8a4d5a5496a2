"""What values earn in a leaf when they are measured against the other carriers of the run.

Peers are all scored carriers that have a value in the leaf, the carrier itself and those with fixed
grades included, split by the rule's `group`. Source: section 3 of the scheme contract.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from core.text import T, Text
from evaluation.rules import scheme_shape as shape
from evaluation.rules.exact import ONE, mean, median, percentile, plain, shown
from evaluation.rules.exact import percent as percent_of
from evaluation.rules.leaf_rules import Cell, Earned, missing_value, with_unit
from evaluation.rules.rows import group_key

Judge = Callable[[Cell, Decimal], Earned]


def _benchmark_of(against: str, ordered: list[Decimal]) -> tuple[Decimal, Text]:
    if against == "mean":
        return mean(ordered), T("平均值")
    if against == "median":
        return median(ordered), T("中位数")
    if against == "max":
        return ordered[-1], T("最大值")
    if against == "min":
        return ordered[0], T("最小值")
    return percentile(ordered, int(against[1:])), T("{percent} 分位数", percent=f"{against[1:]}%")


def _benchmark(rule: shape.Benchmark, ordered: list[Decimal]) -> Judge:
    benchmark, name = _benchmark_of(rule.against, ordered)
    text, n = shown(benchmark), len(ordered)

    def judge(cell: Cell, v: Decimal) -> Earned:
        if benchmark <= 0:
            words = T("标杆值不大于零：{n} 家的{name}为 {benchmark}", n=n, name=name, benchmark=text)
            return Earned(None, words)
        points = cell.leaf.full * min(ONE, v / benchmark)
        words = T(
            "{v}，对照 {n} 家的{name} {benchmark}：{full} × min(1, {v} ÷ {benchmark}) = {points}",
            v=with_unit(cell, v),
            n=n,
            name=name,
            benchmark=text,
            full=plain(cell.leaf.full),
            points=shown(points),
        )
        return Earned(points, words)

    return judge


def _rank(rule: shape.Rank, ordered: list[Decimal]) -> Judge:
    n = len(ordered)
    high = rule.order is shape.Order.HIGH

    def judge(cell: Cell, v: Decimal) -> Earned:
        better = n - bisect_right(ordered, v) if high else bisect_left(ordered, v)
        rank = better + 1
        for bound, points in rule.tiers:
            if rank <= bound * n:
                words = T(
                    "{v}，在 {n} 家中列第 {rank}，在前 {bound} 以内，得 {points} 分",
                    v=with_unit(cell, v),
                    n=n,
                    rank=rank,
                    bound=percent_of(bound),
                    points=plain(points),
                )
                return Earned(points, words)
        words = T(
            "{v}，在 {n} 家中列第 {rank}，未进入任何一档，得 {points} 分",
            v=with_unit(cell, v),
            n=n,
            rank=rank,
            points=plain(rule.otherwise),
        )
        return Earned(rule.otherwise, words)

    return judge


def _range(rule: shape.Range, ordered: list[Decimal]) -> Judge:
    low, high, n = ordered[0], ordered[-1], len(ordered)

    def judge(cell: Cell, v: Decimal) -> Earned:
        full = cell.leaf.full
        if low == high:
            words = T("{v}，{n} 家数值相同，得满分", v=with_unit(cell, v), n=n)
            return Earned(full, words)
        distance = v - low if rule.order is shape.Order.HIGH else high - v
        points = full * distance / (high - low)
        words = T(
            "{v}，{n} 家在 {low} 至 {high} 之间：{full} × {distance} ÷ ({high} − {low}) = {points}",
            v=with_unit(cell, v),
            n=n,
            low=shown(low),
            high=shown(high),
            full=plain(full),
            distance=shown(distance),
            points=shown(points),
        )
        return Earned(points, words)

    return judge


_JUDGES: dict[str, Callable[[Any, list[Decimal]], Judge]] = {
    "benchmark": _benchmark,
    "rank": _rank,
    "range": _range,
}


def needs_peers(rule: shape.Clause) -> bool:
    """Whether the rule looks at the other carriers."""
    return isinstance(rule, shape.Benchmark | shape.Rank | shape.Range)


def earned_among_peers(cells: Sequence[Cell]) -> list[Earned]:
    """What each cell of one leaf earns; `cells` are all scored carriers' of the run."""
    if not cells:
        return []
    rule = cells[0].leaf.rule
    if not isinstance(rule, shape.Benchmark | shape.Rank | shape.Range):
        raise TypeError(f"{rule.type} does not look at peers")
    fields = rule.group or []
    keys = [group_key(cell.row, fields) for cell in cells]
    peers: dict[tuple[str, ...], list[Decimal]] = {}
    for key, cell in zip(keys, cells, strict=True):
        if cell.value is not None:
            peers.setdefault(key, []).append(cell.value)
    judges = {key: _JUDGES[rule.type](rule, sorted(values)) for key, values in peers.items()}
    return [
        missing_value(cell) if cell.value is None else judges[key](cell, cell.value)
        for key, cell in zip(keys, cells, strict=True)
    ]
