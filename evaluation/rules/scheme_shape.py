"""The shape of a scheme file: which keys stand where, and of what type.

One model a mapping of the file. What takes more than one mapping to judge (sums, references, order of
bounds against each other's expressions) is in `scheme_checks`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from core.problems import Problem
from core.shapes import Flag, PlainDecimal, PlainInteger, Shape, ShapeFault
from core.text import T, Text

CODE = r"^[a-z0-9-]+$"
PERCENTILE = r"^(?:mean|median|max|min|p(?:[0-9]|[1-9][0-9]|100))$"

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Positive = Annotated[PlainDecimal, Field(gt=0)]
Full = Annotated[PlainDecimal, Field(gt=0, le=Decimal(10**12))]
Share = Annotated[PlainDecimal, Field(ge=0, le=1)]
Count = Annotated[PlainInteger, Field(ge=0)]
Pair = Annotated[list[PlainDecimal], Field(min_length=2, max_length=2)]


LAX = Field(strict=False)
"""A word of the file may stand for a member of an enumeration."""


def _fault(code: str, message: Text, place: str) -> ShapeFault:
    return ShapeFault([Problem(f"scheme.{code}", message, place=place)])


def _once(names: list[str]) -> list[str]:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise _fault("twice", T("{name} 列出了两次", name=name), f"[{index}]")
    return names


Names = Annotated[list[Name], AfterValidator(_once)]


class Order(StrEnum):
    """Which end of the values is the good one."""

    HIGH = "high"
    LOW = "low"


class Absent(StrEnum):
    """What a missing value of a base leaf earns: nothing, or the leaf is left out of the base."""

    ZERO = "zero"
    EXCLUDE = "exclude"


class Rounding(StrEnum):
    """How share × n becomes a number of places."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


class AtCut(StrEnum):
    """Where a tied group stands: at its last place (`exclude`), or at its first (`include`)."""

    EXCLUDE = "exclude"
    INCLUDE = "include"


class Clause(Shape):
    """Any mapping of the file; `clause` is the legal clause behind it."""

    clause: Words | None = None


class Step(Clause):
    """Nothing below `base_at`; there `base`, then `add` for each `every` above it."""

    type: Literal["step"]
    base_at: PlainDecimal
    base: PlainDecimal
    every: Positive
    add: PlainDecimal
    whole: Flag = True


class Per(Clause):
    """`add` for each `every`."""

    type: Literal["per"]
    every: Positive
    add: PlainDecimal
    whole: Flag = True


def _rising(pairs: list[list[Decimal]]) -> list[list[Decimal]]:
    for index in range(1, len(pairs)):
        if pairs[index][0] <= pairs[index - 1][0]:
            raise _fault("order", T("须从小到大排列，不得相等"), f"[{index}]")
    return pairs


class Linear(Clause):
    """Straight lines between the points, flat outside them."""

    type: Literal["linear"]
    points: Annotated[list[Pair], Field(min_length=2), AfterValidator(_rising)]


class Target(Clause):
    """The share of the target that was reached; `target` is a number or an expression."""

    type: Literal["target"]
    target: Source


class Tiers(Clause):
    """The first tier that the value reaches."""

    type: Literal["tiers"]
    tiers: Annotated[list[Pair], Field(min_length=1)]
    otherwise: PlainDecimal = Field(default=Decimal(0), alias="else")
    order: Annotated[Order, LAX] = Order.HIGH

    @model_validator(mode="after")
    def _in_order(self) -> Tiers:
        if self.order is Order.LOW:
            return self._checked(T("order: low 的各档界限须从小到大排列，不得相等"), 1)
        return self._checked(T("各档界限须从大到小排列，不得相等"), -1)

    def _checked(self, message: Text, sign: int) -> Tiers:
        bounds = [bound * sign for bound, _ in self.tiers]
        for index in range(1, len(bounds)):
            if bounds[index] <= bounds[index - 1]:
                raise _fault("order", message, f".tiers[{index}]")
        return self


class Choice(Clause):
    """Points by the text of a field."""

    type: Literal["choice"]
    field: Name
    choices: Annotated[dict[Name, PlainDecimal], Field(min_length=1)]


class Pass(Clause):
    """Full marks when the condition holds, else none."""

    type: Literal["pass"]
    when: Source


class Coefficients(Clause):
    """The sum of fields times numbers."""

    type: Literal["coefficients"]
    of: Annotated[dict[Name, PlainDecimal], Field(min_length=1)]


class Benchmark(Clause):
    """The share of a benchmark of the peers that was reached."""

    type: Literal["benchmark"]
    against: Annotated[str, StringConstraints(pattern=PERCENTILE)]
    group: Names | None = None


def _shares(pairs: list[list[Decimal]]) -> list[list[Decimal]]:
    for index, (share, _) in enumerate(pairs):
        if not 0 <= share <= 1:
            raise _fault("share", T("比例须在 0 至 1 之间"), f"[{index}][0]")
    return _rising(pairs)


class Rank(Clause):
    """Points by the place among the peers, as a share of their number."""

    type: Literal["rank"]
    tiers: Annotated[list[Pair], Field(min_length=1), AfterValidator(_shares)]
    otherwise: PlainDecimal = Field(default=Decimal(0), alias="else")
    group: Names | None = None
    order: Annotated[Order, LAX] = Order.HIGH


class Range(Clause):
    """Where the value lies between the peers' lowest and highest."""

    type: Literal["range"]
    group: Names | None = None
    order: Annotated[Order, LAX] = Order.HIGH


class Expert(Clause):
    """The experts' marks, combined."""

    type: Literal["expert"]
    combine: Literal["mean", "median", "trimmed"]
    out_of: Positive = Decimal(100)
    trim: Count | None = None
    trim_from: Count | None = None

    @model_validator(mode="after")
    def _trims(self) -> Expert:
        if self.combine != "trimmed":
            if self.trim is not None or self.trim_from is not None:
                key = "trim_from" if self.trim is None else "trim"
                raise _fault("trim", T("只有 combine: trimmed 才能写"), f".{key}")
        elif self.from_marks <= 2 * self.dropped:
            raise _fault("trim", T("须大于 trim 的两倍"), ".trim_from")
        return self

    @property
    def dropped(self) -> int:
        """How many marks fall away at each end (default 1)."""
        return 1 if self.trim is None else self.trim

    @property
    def from_marks(self) -> int:
        """From how many marks on they fall away (default 5)."""
        return 5 if self.trim_from is None else self.trim_from


class Formula(Clause):
    """Points by an expression, which may use `full`, and `v` where there is a value."""

    type: Literal["formula"]
    points: Source


Rule = Annotated[
    Step
    | Per
    | Linear
    | Target
    | Tiers
    | Choice
    | Pass
    | Coefficients
    | Benchmark
    | Rank
    | Range
    | Expert
    | Formula,
    Field(discriminator="type"),
]


class LeafShape(Clause):
    """One indicator that earns points."""

    code: Name
    title: Words
    full: Full
    unit: Name | None = None
    value: Source | None = None
    rule: Rule
    missing: Annotated[Absent, LAX] | None = None


class GroupShape(Clause):
    """Indicators under a heading; its points may be cut to `cap`. Items are checked one by one."""

    code: Name
    title: Words
    cap: Positive | None = None
    items: Annotated[list[Any], Field(min_length=1)]


class ExtraShape(Clause):
    """`bonus` and `deductions`."""

    cap: Positive | None = None
    items: Annotated[list[Any], Field(min_length=1)]


class TotalShape(Clause):
    """The highest total there can be."""

    max: Positive | None = None


class GradeShape(Clause):
    """One row of the grades: all its conditions must be met."""

    grade: Name
    label: Words
    score_at_least: PlainDecimal | None = None
    top_share: Share | None = None
    at_most: Count | None = None
    min_places: Count | None = None

    @property
    def has_condition(self) -> bool:
        """Whether anything stands between a carrier and this grade."""
        conditions = (self.score_at_least, self.top_share, self.at_most, self.min_places)
        return any(condition is not None for condition in conditions)


class FixedShape(Clause):
    """A grade given without a place."""

    when: Source
    grade: Name
    reason: Words


class CeilingShape(Clause):
    """The highest grade there can be when the condition holds."""

    when: Source
    at_most: Name
    reason: Words


class GradingShape(Clause):
    """How totals become grades. Rows are checked one by one."""

    group: Names | None = None
    base: Source = "scored"
    share_rounding: Annotated[Rounding, LAX] = Rounding.DOWN
    tie_break: Names | None = None
    ties_at_cut: Annotated[AtCut, LAX] = AtCut.EXCLUDE
    grades: Annotated[list[Any], Field(min_length=1)]
    fixed: list[Any] = []
    ceilings: list[Any] = []


class SchemeShape(Clause):
    """The file. The tree, the extras and the grading are checked piece by piece."""

    scheme: Annotated[str, StringConstraints(pattern=CODE, max_length=100)]
    version: Annotated[PlainInteger, Field(ge=1)]
    title: Words
    form: Annotated[str, StringConstraints(pattern=CODE, max_length=100)] | None = None
    facts: Names | None = None
    applies_to: Source | None = None
    decimals: Annotated[PlainInteger, Field(ge=0, le=8)] = 2
    full: Full
    indicators: Annotated[list[Any], Field(min_length=1)]
    bonus: Any = None
    deductions: Any = None
    total: TotalShape | None = None
    grading: Any


_FULL: TypeAdapter[Decimal] = TypeAdapter(Full)
_DECIMALS: TypeAdapter[int] = TypeAdapter(Annotated[PlainInteger, Field(ge=0, le=8)])


def full_of(raw: Any) -> Decimal | None:
    """Full marks as the file has them, None where they are none; their mapping says what is wrong."""
    try:
        return _FULL.validate_python(raw)
    except ValidationError:
        return None


def decimals_of(content: dict[str, Any]) -> int | None:
    """The file's `decimals`, or its default; None where it is not sound."""
    if "decimals" not in content:
        return 2
    try:
        return _DECIMALS.validate_python(content["decimals"])
    except ValidationError:
        return None
