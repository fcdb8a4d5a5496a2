"""Points of every carrier: leaf by leaf, then base, bonus, deductions and total.

Pure: the same scheme, rows and marks give the same answer. Source: sections 2 and 3 of the scheme contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import NamedTuple

from core.expressions import Row, Value
from core.problems import Problem, Refused
from core.text import T, Text
from evaluation.rules.exact import ARITHMETIC, ZERO, half_up, limited, plain
from evaluation.rules.leaf_rules import Cell, Earned, earned, number_of
from evaluation.rules.peer_rules import earned_among_peers, needs_peers
from evaluation.rules.scheme import Extra, Leaf, Node, Scheme

Marks = Mapping[tuple[str, str], Sequence[Decimal | None]]
"""The marks of (carrier, leaf code), in any order; None is an abstention."""


@dataclass(frozen=True, slots=True)
class CarrierRow:
    """A carrier's code and what is known of it in the year scored."""

    carrier: str
    row: Row


class LeafScore(NamedTuple):
    """What one leaf gave: its value, its points (rounded), whether it was left out, and why."""

    leaf: Leaf
    value: Value
    points: Decimal
    excluded: bool
    because: Text


@dataclass(frozen=True, slots=True)
class CarrierScore:
    """One carrier's points. Sums have the scheme's `decimals` places, caps are already applied."""

    carrier: str
    row: Row
    leaves: tuple[LeafScore, ...]
    points: Mapping[str, Decimal]
    base: Decimal
    bonus: Decimal
    deductions: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A carrier that the scheme does not apply to."""

    carrier: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Scores:
    """All carriers in the order of the rows: scored ones, and those left out."""

    carriers: tuple[CarrierScore, ...]
    left_out: tuple[LeftOut, ...]


def score(scheme: Scheme, rows: Sequence[CarrierRow], marks: Marks, *, year: int) -> Scores:
    """Points of all carriers; raises `Refused` with every text that a `choice` does not know."""
    with localcontext(ARITHMETIC):
        scored, left_out = _divided(scheme, rows, year)
        problems: list[Problem] = []
        columns = [list(_leaf_scores(scheme, leaf, scored, marks, year, problems)) for leaf in scheme.leaves]
        if problems:
            raise Refused(problems)
        carriers = tuple(
            _carrier_score(scheme, row, tuple(leaves))
            for row, leaves in zip(scored, zip(*columns, strict=True), strict=True)
        )
    return Scores(carriers, left_out)


def _divided(
    scheme: Scheme, rows: Sequence[CarrierRow], year: int
) -> tuple[list[CarrierRow], tuple[LeftOut, ...]]:
    """Those that the scheme applies to, and the others."""
    condition = scheme.applies_to
    if condition is None:
        return list(rows), ()
    scored = [row for row in rows if condition.holds(row.row, year=year)]
    kept = {row.carrier for row in scored}
    reason = T("不在本体系适用范围内：不符合 {condition}", condition=condition.source)
    left_out = tuple(LeftOut(row.carrier, reason) for row in rows if row.carrier not in kept)
    return scored, left_out


def _leaf_scores(
    scheme: Scheme,
    leaf: Leaf,
    rows: Sequence[CarrierRow],
    marks: Marks,
    year: int,
    problems: list[Problem],
) -> Iterator[LeafScore]:
    """One leaf of all carriers: peers' rules need the whole column."""
    cells = [_cell(leaf, row, marks, year, problems) for row in rows]
    answers = earned_among_peers(cells) if needs_peers(leaf.rule) else [earned(c) for c in cells]
    for cell, answer in zip(cells, answers, strict=True):
        yield _leaf_score(scheme, cell, answer)


def _cell(leaf: Leaf, row: CarrierRow, marks: Marks, year: int, problems: list[Problem]) -> Cell:
    value = None if leaf.value is None else leaf.value.evaluate(row.row, year=year)
    given = marks.get((row.carrier, leaf.code), ())
    return Cell(leaf, row.carrier, row.row, value, number_of(value), given, year, problems)


def _leaf_score(scheme: Scheme, cell: Cell, answer: Earned) -> LeafScore:
    leaf = cell.leaf
    if answer.points is None:
        why = answer.words
        words = (
            T("{why}；缺失，不计入基础分", why=why) if leaf.excludes else T("{why}；缺失，得 0 分", why=why)
        )
        return LeafScore(leaf, cell.shown, half_up(ZERO, scheme.decimals), leaf.excludes, words)
    points = limited(answer.points, leaf.full, scheme.decimals)
    words = answer.words
    if answer.points > leaf.full:
        words = T("{words}；超过满分，按 {full} 分计", words=words, full=plain(leaf.full))
    elif answer.points < 0:
        words = T("{words}；低于 0，按 0 分计", words=words)
    elif points != answer.points:
        words = T("{words}；四舍五入为 {points} 分", words=words, points=format(points, "f"))
    return LeafScore(leaf, cell.shown, points, False, words)


def _sum(nodes: Sequence[Node], points: Mapping[str, Decimal]) -> Decimal:
    """The sum of the leaves below, each group's cut to its cap on the way up."""
    total = ZERO
    for node in nodes:
        if isinstance(node, Leaf):
            total += points[node.code]
            continue
        part = _sum(node.items, points)
        total += part if node.cap is None else min(part, node.cap)
    return total


def _extra(extra: Extra, points: Mapping[str, Decimal]) -> Decimal:
    total = _sum(extra.items, points)
    return total if extra.cap is None else min(total, extra.cap)


def _base(scheme: Scheme, leaves: Sequence[LeafScore], points: Mapping[str, Decimal]) -> Decimal:
    """The base, scaled up for what was left out; 0 when all of it was."""
    left_out = sum((score.leaf.full for score in leaves if score.excluded), ZERO)
    total = _sum(scheme.indicators, points)
    if not left_out:
        return total
    remaining = scheme.full - left_out
    return total * scheme.full / remaining if remaining > 0 else ZERO


def _carrier_score(scheme: Scheme, row: CarrierRow, leaves: tuple[LeafScore, ...]) -> CarrierScore:
    points = {score.leaf.code: score.points for score in leaves}
    places = scheme.decimals
    base = half_up(_base(scheme, leaves, points), places)
    bonus = half_up(_extra(scheme.bonus, points), places)
    deductions = half_up(_extra(scheme.deductions, points), places)
    total = max(ZERO, base + bonus - deductions)
    if scheme.total_max is not None:
        total = min(total, scheme.total_max)
    return CarrierScore(
        carrier=row.carrier,
        row=row.row,
        leaves=leaves,
        points=points,
        base=base,
        bonus=bonus,
        deductions=deductions,
        total=half_up(total, places),
    )
