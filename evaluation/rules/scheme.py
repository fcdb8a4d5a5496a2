"""A scheme (指标体系), loaded: its tree of leaves, its grading, every expression compiled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.expressions import Expression
from evaluation.rules import scheme_shape as shape
from evaluation.rules.scheme_uses import Use


class Part(StrEnum):
    """Where a leaf's points go."""

    BASE = "base"
    BONUS = "bonus"
    DEDUCTIONS = "deductions"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One indicator that earns points.

    `inner` is the rule's own expression (a target, a condition, a formula); `path` is its place in the file.
    """

    code: str
    title: str
    full: Decimal
    unit: str
    clause: str
    part: Part
    path: str
    rule: shape.Rule
    value: Expression | None
    inner: Expression | None
    excludes: bool

    @property
    def own_expression(self) -> Expression:
        """The rule's expression, for the rules that have one: `inner` is never None there."""
        if self.inner is None:
            raise TypeError(f"{self.code}: a {self.rule.type} has no expression")
        return self.inner


@dataclass(frozen=True, slots=True)
class Group:
    """Leaves and groups under a heading; their points are cut to `cap` where there is one."""

    code: str
    title: str
    clause: str
    cap: Decimal | None
    items: tuple[Leaf | Group, ...]


Node = Leaf | Group


@dataclass(frozen=True, slots=True)
class Extra:
    """The bonus, or the deductions: `cap` is for all of them together."""

    cap: Decimal | None = None
    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedGrade:
    """A grade given by a condition, without a place."""

    when: Expression
    grade: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The best grade there can be when the condition holds (it may use `total` and `points.CODE`)."""

    when: Expression
    at_most: str
    reason: str


@dataclass(frozen=True, slots=True)
class Grading:
    """How totals become grades. `base` is None for all scored carriers; `order` is the grades, best first."""

    group: tuple[str, ...]
    base: Expression | None
    share_rounding: shape.Rounding
    tie_break: tuple[str, ...]
    ties_at_cut: shape.AtCut
    rows: tuple[shape.GradeShape, ...]
    fixed: tuple[FixedGrade, ...]
    ceilings: tuple[Ceiling, ...]
    order: tuple[str, ...]

    def label_of(self, grade: str) -> str:
        """The grade's name for people."""
        return next(row.label for row in self.rows if row.grade == grade)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of a scheme.

    `leaves` are all leaves in the file's order, `uses` the places that read fields, `source` the file's
    content with numbers as text, `digest` the SHA-256 of that as canonical JSON.
    """

    code: str
    version: int
    title: str
    form: str
    facts: tuple[str, ...]
    applies_to: Expression | None
    decimals: int
    full: Decimal
    indicators: tuple[Node, ...]
    bonus: Extra
    deductions: Extra
    total_max: Decimal | None
    grading: Grading
    source: dict[str, Any]
    digest: str
    leaves: tuple[Leaf, ...]
    uses: tuple[Use, ...]


RESULT_NAMES = ("total", "base", "bonus", "deductions")
"""What conditions of ceilings may use beside fields and `points.CODE`."""


def leaves_of(nodes: tuple[Node, ...]) -> Iterator[Leaf]:
    """All leaves below these nodes, in the file's order."""
    for node in nodes:
        if isinstance(node, Leaf):
            yield node
        else:
            yield from leaves_of(node.items)
