"""What one carrier's value earns in one leaf, by the leaf's rule, and in which words.

Numbers are `Decimal` points before they are cut to 0..full and rounded. Rules that look at the other
carriers are in `peer_rules`. Source of the arithmetic: section 3 of the scheme contract.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from core.expressions import Cause, Expression, Row, Value
from core.problems import Problem
from core.text import T, Text
from evaluation.rules import scheme_shape as shape
from evaluation.rules.exact import (
    ONE,
    ZERO,
    mean,
    median,
    plain,
    shown,
    whole_steps,
)
from evaluation.rules.rows import Overlay
from evaluation.rules.scheme import Leaf


class Earned(NamedTuple):
    """Points as the rule gives them, or None for a missing value; and why, in words."""

    points: Decimal | None
    words: Text


class Cell(NamedTuple):
    """One leaf of one carrier: its row, its value and that as a number, its marks (None: abstained)."""

    leaf: Leaf
    carrier: str
    row: Row
    shown: Value
    value: Decimal | None
    marks: Sequence[Decimal | None]
    year: int
    problems: list[Problem]


def number_of(value: Value) -> Decimal | None:
    """A value in arithmetic: true counts 1; a text or a date was refused when the scheme was loaded."""
    if isinstance(value, bool):
        return ONE if value else ZERO
    return value if isinstance(value, Decimal) else None


def missing_value(cell: Cell) -> Earned:
    """The answer of every rule that needs a value and has none."""
    expression = cell.leaf.value
    if expression is None:
        return Earned(None, T("没有数值"))
    return Earned(None, why_missing(expression, cell.row, cell.year))


def why_missing(expression: Expression, row: Row, year: int) -> Text:
    """Why an expression has no value, in words: which fields were not reported, or what else it was."""
    cause = expression.why_missing(row, year=year)
    if cause is None or cause is Cause.NOT_REPORTED:
        names = [name for name in sorted(expression.names) if row.value(name) is None]
        return T("未填报：{names}", names="、".join(names))
    return T("{cause}：{source}", cause=cause.label, source=expression.source)


def with_unit(cell: Cell, number: Decimal) -> str:
    """The value as a sentence shows it."""
    unit = cell.leaf.unit
    return f"{shown(number)} {unit}" if unit else shown(number)


def _step(rule: shape.Step, cell: Cell, v: Decimal) -> Earned:
    if v < rule.base_at:
        words = T("{v}，低于起算值 {at}，不得分", v=with_unit(cell, v), at=plain(rule.base_at))
        return Earned(ZERO, words)
    distance = v - rule.base_at
    steps = whole_steps(distance, rule.every) if rule.whole else distance / rule.every
    points = rule.base + rule.add * steps
    words = T(
        "{v}，达到起算值 {at} 得 {base} 分，其上每 {every} 加 {add} 分，"
        "计 {steps} 个：{base} + {add} × {steps} = {points}",
        v=with_unit(cell, v),
        at=plain(rule.base_at),
        base=plain(rule.base),
        every=plain(rule.every),
        add=plain(rule.add),
        steps=shown(steps),
        points=shown(points),
    )
    return Earned(points, words)


def _per(rule: shape.Per, cell: Cell, v: Decimal) -> Earned:
    steps = whole_steps(v, rule.every) if rule.whole else v / rule.every
    points = rule.add * steps
    words = T(
        "{v}，每 {every} 得 {add} 分，计 {steps} 个：{add} × {steps} = {points}",
        v=with_unit(cell, v),
        every=plain(rule.every),
        add=plain(rule.add),
        steps=shown(steps),
        points=shown(points),
    )
    return Earned(points, words)


def _linear(rule: shape.Linear, cell: Cell, v: Decimal) -> Earned:
    points = rule.points
    if v <= points[0][0] or v >= points[-1][0]:
        x, y = points[0] if v <= points[0][0] else points[-1]
        words = T("{v}，在端点 {x} 或其外，得 {y} 分", v=with_unit(cell, v), x=plain(x), y=plain(y))
        return Earned(y, words)
    last = next(index for index, (x, _) in enumerate(points) if v <= x)
    (x0, y0), (x1, y1) = points[last - 1], points[last]
    earned = y0 + (y1 - y0) * (v - x0) / (x1 - x0)
    words = T(
        "{v}，在 {x0}（{y0} 分）与 {x1}（{y1} 分）之间按直线计：{points}",
        v=with_unit(cell, v),
        x0=plain(x0),
        y0=plain(y0),
        x1=plain(x1),
        y1=plain(y1),
        points=shown(earned),
    )
    return Earned(earned, words)


def _target(rule: shape.Target, cell: Cell, v: Decimal) -> Earned:
    expression = cell.leaf.own_expression
    target = number_of(expression.evaluate(cell.row, year=cell.year))
    if target is None:
        why = why_missing(expression, cell.row, cell.year)
        return Earned(None, T("目标值缺失：{why}", why=why))
    if target <= 0:
        return Earned(None, T("目标值 {target} 不大于零", target=shown(target)))
    points = cell.leaf.full * min(ONE, v / target)
    words = T(
        "{v}，目标值 {target}，按完成比例计：{full} × min(1, {v} ÷ {target}) = {points}",
        v=with_unit(cell, v),
        target=shown(target),
        full=plain(cell.leaf.full),
        points=shown(points),
    )
    return Earned(points, words)


def _tiers(rule: shape.Tiers, cell: Cell, v: Decimal) -> Earned:
    high, shown_v = rule.order is shape.Order.HIGH, with_unit(cell, v)
    for bound, points in rule.tiers:
        at, gives = plain(bound), plain(points)
        if high and v >= bound:
            return Earned(
                points, T("{v}，达到 {at} 以上（含）一档，得 {points} 分", v=shown_v, at=at, points=gives)
            )
        if not high and v <= bound:
            return Earned(
                points, T("{v}，在 {at} 以下（含）一档，得 {points} 分", v=shown_v, at=at, points=gives)
            )
    words = T("{v}，未达到任何一档，得 {points} 分", v=shown_v, points=plain(rule.otherwise))
    return Earned(rule.otherwise, words)


def _choice(rule: shape.Choice, cell: Cell) -> Earned:
    text = cell.row.written(rule.field)
    if not text:
        return Earned(None, T("未填报：{field}", field=rule.field))
    points = rule.choices.get(text)
    if points is None:
        cell.problems.append(
            Problem(
                "score.choice",
                T("指标 {code} 不认识 {field} 的取值。", code=cell.leaf.code, field=rule.field),
                place=f"{cell.carrier}.{rule.field}",
                field=rule.field,
                found=text,
                allowed="、".join(rule.choices),
            )
        )
        return Earned(None, T("{field} 的取值不在表内", field=rule.field))
    words = T("{field} 为“{text}”，得 {points} 分", field=rule.field, text=text, points=plain(points))
    return Earned(points, words)


def _pass(rule: shape.Pass, cell: Cell) -> Earned:
    expression = cell.leaf.own_expression
    if expression.holds(cell.row, year=cell.year):
        words = T("符合条件 {when}，得满分", when=expression.source)
        return Earned(cell.leaf.full, words)
    return Earned(ZERO, T("不符合条件 {when}，不得分", when=expression.source))


def _coefficients(rule: shape.Coefficients, cell: Cell) -> Earned:
    total, parts = ZERO, []
    for field, factor in rule.of.items():
        number = number_of(cell.row.value(field))
        if number is not None:
            total += number * factor
            parts.append(f"{field} {plain(number)} × {plain(factor)}")
    if not parts:
        return Earned(None, T("未填报：{fields}", fields="、".join(rule.of)))
    return Earned(total, T("{parts} = {points}", parts=" + ".join(parts), points=shown(total)))


def _combined(rule: shape.Expert, marks: list[Decimal]) -> tuple[Decimal, Text]:
    if rule.combine == "median":
        return median(sorted(marks)), T("中位数")
    trim = rule.dropped
    if rule.combine == "trimmed" and trim and len(marks) >= rule.from_marks:
        kept = sorted(marks)[trim : len(marks) - trim]
        return mean(kept), T("去掉最高、最低各 {trim} 个后的平均", trim=trim)
    return mean(marks), T("平均")


def _expert(rule: shape.Expert, cell: Cell) -> Earned:
    marks = [mark for mark in cell.marks if mark is not None]
    if not marks:
        why = T("专家均弃权（{n} 人）", n=len(cell.marks)) if cell.marks else T("没有专家评分")
        return Earned(None, why)
    combined, how = _combined(rule, marks)
    points = cell.leaf.full * combined / rule.out_of
    abstained = len(cell.marks) - len(marks)
    words = T(
        "{n} 位专家评分{abstained}，{how} {combined}（满分 {out_of}）："
        "{full} × {combined} ÷ {out_of} = {points}",
        n=len(marks),
        abstained=T("、{n} 位弃权", n=abstained) if abstained else "",
        how=how,
        combined=shown(combined),
        out_of=plain(rule.out_of),
        full=plain(cell.leaf.full),
        points=shown(points),
    )
    return Earned(points, words)


def _written_value(cell: Cell) -> dict[str, str | None]:
    """`v` is written as its field is, where the value is just a field."""
    source = cell.leaf.value.source.strip() if cell.leaf.value is not None else ""
    names = cell.leaf.value.names if cell.leaf.value is not None else frozenset()
    return {"v": cell.row.written(source)} if source in names else {}


def _formula(rule: shape.Formula, cell: Cell) -> Earned:
    expression = cell.leaf.own_expression
    row = Overlay(cell.row, {"full": cell.leaf.full}, {})
    if cell.leaf.value is not None:
        row = Overlay(row, {"v": cell.shown}, _written_value(cell))
    points = number_of(expression.evaluate(row, year=cell.year))
    if points is None:
        if cell.leaf.value is not None and cell.shown is None:
            return missing_value(cell)
        return Earned(None, why_missing(expression, row, cell.year))
    words = T("按公式 {formula} 计：{points}", formula=expression.source, points=shown(points))
    return Earned(points, words)


_OF_A_VALUE: dict[str, Callable[..., Earned]] = {
    "step": _step,
    "per": _per,
    "linear": _linear,
    "target": _target,
    "tiers": _tiers,
}

_OF_A_ROW: dict[str, Callable[..., Earned]] = {
    "choice": _choice,
    "pass": _pass,
    "coefficients": _coefficients,
    "expert": _expert,
    "formula": _formula,
}


def earned(cell: Cell) -> Earned:
    """What this cell earns, for every rule that needs no other carrier."""
    rule = cell.leaf.rule
    of_a_row = _OF_A_ROW.get(rule.type)
    if of_a_row is not None:
        return of_a_row(rule, cell)
    if cell.value is None:
        return missing_value(cell)
    return _OF_A_VALUE[rule.type](rule, cell, cell.value)
