"""The functions an expression may call: how they are written, and what they do with values that are there."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from core.expressions.values import ARITHMETIC, Cause, Inner

MAX_MONTHS = 12 * 9999


@dataclass(frozen=True, slots=True)
class Signature:
    """`form` is how it is written; `least` to `most` arguments, `most` None for any number."""

    form: str
    least: int
    most: int | None

    def takes(self, count: int) -> bool:
        """Whether so many arguments fit."""
        return self.least <= count and (self.most is None or count <= self.most)


SIGNATURES = {
    "min": Signature("min(a, b, ...)", 1, None),
    "max": Signature("max(a, b, ...)", 1, None),
    "sum": Signature("sum(a, b, ...)", 1, None),
    "abs": Signature("abs(x)", 1, 1),
    "round": Signature("round(x, n)", 2, 2),
    "floor": Signature("floor(x)", 1, 1),
    "ceil": Signature("ceil(x)", 1, 1),
    "ratio": Signature("ratio(a, b)", 2, 2),
    "growth": Signature("growth(now, before)", 2, 2),
    "coalesce": Signature("coalesce(a, b, ...)", 1, None),
    "at_least": Signature("at_least(k, c1, c2, ...)", 2, None),
    "add_months": Signature("add_months(d, n)", 2, 2),
    "year": Signature("year(d)", 1, 1),
    "date": Signature("date('2025-12-31')", 1, 1),
}


def finite(result: Decimal) -> Inner:
    """The result, or that it is beyond every number this arithmetic keeps."""
    return result if result.is_finite() else Cause.OUT_OF_RANGE


def divide(dividend: Decimal, divisor: Decimal) -> Inner:
    """At 28 digits, half-even; by 0 it is missing."""
    if not divisor:
        return Cause.DIVISION_BY_ZERO
    return finite(ARITHMETIC.divide(dividend, divisor))


def growth(now: Decimal, before: Decimal) -> Inner:
    """(now - before) / before; missing when before is not above 0."""
    if before <= 0:
        return Cause.BASE_NOT_ABOVE_ZERO
    return divide(ARITHMETIC.subtract(now, before), before)


def total(*values: Decimal) -> Inner:
    """Their sum."""
    result = values[0]
    for value in values[1:]:
        result = ARITHMETIC.add(result, value)
    return finite(result)


def whole(number: Decimal) -> int | None:
    """The number as an `int` if it is whole and of a size that any use here could have."""
    if number.copy_abs() > MAX_MONTHS or number != number.to_integral_value():
        return None
    return int(number)


def round_half_away(number: Decimal, places: Decimal) -> Inner:
    """Half away from zero, exact for any length; `places` is whole and may be below 0."""
    count = whole(places)
    if count is None:
        return Cause.OUT_OF_RANGE
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -count:
        return number
    digits = Context(prec=max(number.adjusted() + count + 3, 1), rounding=ROUND_HALF_UP)
    return number.quantize(Decimal((0, (1,), -count)), context=digits)


def floor(number: Decimal) -> Inner:
    """The whole number at or below."""
    return number.to_integral_value(ROUND_FLOOR)


def ceil(number: Decimal) -> Inner:
    """The whole number at or above."""
    return number.to_integral_value(ROUND_CEILING)


def add_months(day: datetime.date, months: Decimal) -> Inner:
    """So many months later (or earlier), at the month's last day where there is no such day."""
    count = whole(months)
    if count is None:
        return Cause.OUT_OF_RANGE
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return Cause.OUT_OF_RANGE
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


NumberFunction = Callable[..., Inner]

OF_NUMBERS: dict[str, NumberFunction] = {
    "sum": total,
    "abs": lambda number: number.copy_abs(),
    "round": round_half_away,
    "floor": floor,
    "ceil": ceil,
    "ratio": divide,
    "growth": growth,
}
"""Functions whose arguments are all numbers, none missing."""


def smallest(values: Sequence[Decimal] | Sequence[datetime.date]) -> Inner:
    """The least of numbers or of dates."""
    return min(values)


def largest(values: Sequence[Decimal] | Sequence[datetime.date]) -> Inner:
    """The greatest of numbers or of dates."""
    return max(values)
