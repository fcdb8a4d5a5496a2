"""The shape of a policy file: which keys stand where, and of what type. Money is in yuan."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag

from core.problems import Problem
from core.text import T
from core.yamlfile import ExpressionSlot, PlainDecimal, PlainInteger, Shape, ShapeFault

CENT = Decimal("0.01")
WhenShort = Literal["prorate", "by_rank", "refuse"]

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
FieldName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?$")
]
Payer = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Money = Annotated[PlainDecimal, Field(ge=0)]


def _multiple_of_cent(step: Decimal) -> Decimal:
    if step <= 0 or step != step.quantize(CENT):
        raise ShapeFault([Problem("policy.step", T("须是 0.01 的正整数倍"))])
    return step


class ByText(Shape):
    """A fixed sum for each text of a field; a text not listed earns 0."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Money]

    by: FieldName
    clause: Words | None = None

    @property
    def sums(self) -> dict[str, Decimal]:
        """The sum of each text."""
        return self.__pydantic_extra__


class ByCount(Shape):
    """So much for each one counted."""

    each: Money
    count: ExpressionSlot
    clause: Words | None = None


class ByShare(Shape):
    """A share of another sum."""

    share: Money
    of: ExpressionSlot
    clause: Words | None = None


class Pot(Shape):
    """One sum divided among all in the ratio of a value."""

    pot: Money
    by_value: ExpressionSlot
    clause: Words | None = None


_KEYS = {
    "by": "‹by›",
    "each": "‹each›",
    "count": "‹each›",
    "share": "‹share›",
    "of": "‹share›",
    "pot": "‹pot›",
    "by_value": "‹pot›",
}


_NO_AMOUNT = T("须是金额，或有 by、each 和 count、share 和 of、pot 和 by_value 的键值对")


def _kind_of_amount(found: Any) -> str | None:
    if isinstance(found, dict):
        return next((tag for key, tag in _KEYS.items() if key in found), None)
    return "‹fixed›" if isinstance(found, str | Decimal) else None


Amount = Annotated[
    Annotated[ByText, Tag("‹by›")]
    | Annotated[ByCount, Tag("‹each›")]
    | Annotated[ByShare, Tag("‹share›")]
    | Annotated[Pot, Tag("‹pot›")]
    | Annotated[Money, Tag("‹fixed›")],
    Discriminator(
        _kind_of_amount,
        custom_error_type="amount",
        custom_error_message=str(_NO_AMOUNT),
    ),
]


class Award(Shape):
    """One award that every carrier may earn."""

    code: Name
    title: Words | None = None
    payer: Payer = ""
    when: ExpressionSlot | None = None
    amount: Amount
    less: ExpressionSlot | None = None
    at_most: ExpressionSlot | None = None
    clause: Words | None = None

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.title or self.code


class Cap(Shape):
    """The sum of these awards is at most this for one carrier."""

    awards: Annotated[list[Name], Field(min_length=1)]
    at_most: ExpressionSlot
    clause: Words | None = None


class Budget(Shape):
    """What there is to give, and what happens when it does not suffice."""

    total: Annotated[PlainDecimal, Field(ge=0, decimal_places=2)]
    when_short: WhenShort
    clause: Words | None = None


class PayerBudget(Budget):
    """The budget of one payer, over its own awards."""

    payer: Payer


class Rounding(Shape):
    """Every amount is rounded down to a multiple of `to`."""

    to: Annotated[PlainDecimal, AfterValidator(_multiple_of_cent)] = CENT
    clause: Words | None = None


class Policy(Shape):
    """A whole policy file."""

    policy: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=100)]
    version: Annotated[PlainInteger, Field(ge=1)]
    title: Words
    clause: Words | None = None
    awards: Annotated[list[Award], Field(min_length=1)]
    exclusive: list[Annotated[list[Name], Field(min_length=1)]] = []
    caps: list[Cap] = []
    budget: Budget | None = None
    budgets: list[PayerBudget] | None = None
    rounding: Rounding = Rounding()
