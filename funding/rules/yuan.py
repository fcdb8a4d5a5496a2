"""Sums of money as exact fractions of a yuan, and how they are written."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
CENT = Decimal("0.01")


def down_to(amount: Fraction, step: Fraction) -> Fraction:
    """The greatest multiple of `step` that is not above `amount`."""
    return (amount // step) * step


def in_cents(amount: Fraction) -> Decimal:
    """With two places; half up where the sum is no whole number of cents."""
    ratio = _WIDE.divide(Decimal(amount.numerator), Decimal(amount.denominator))
    return ratio.quantize(CENT, context=_WIDE)


def yuan(amount: Fraction) -> str:
    """For people: two places."""
    return format(in_cents(amount), "f")
