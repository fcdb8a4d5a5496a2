"""Exact numbers: how points are limited and rounded, and how a number is written for people."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import cache, lru_cache

ZERO = Decimal(0)
ONE = Decimal(1)

ARITHMETIC = Context(prec=28, rounding=ROUND_HALF_EVEN)
"""All sums of a scheme: 28 digits, half-even in division."""

_WIDE = Context(prec=300, rounding=ROUND_FLOOR)
"""Wide enough that nothing is rounded where the contract says "exactly" or "rounded down"."""


def half_up(number: Decimal, places: int) -> Decimal:
    """`number` with `places` decimal places, half away from zero (四舍五入)."""
    return number.quantize(_unit(places), rounding=ROUND_HALF_UP)


@cache
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def limited(points: Decimal, full: Decimal, places: int) -> Decimal:
    """Points cut to 0..`full`, then rounded half up."""
    return half_up(min(max(ZERO, points), full), places)


def whole_steps(distance: Decimal, every: Decimal) -> Decimal:
    """How many whole `every` lie in `distance`: the floor, never rounded up by the division."""
    return _WIDE.divide(distance, every).to_integral_value(rounding=ROUND_FLOOR)


def percentile(ordered: list[Decimal], percent: int) -> Decimal:
    """The value at position (n − 1) × percent / 100 of the ascending `ordered`, interpolated exactly."""
    below, hundredths = divmod((len(ordered) - 1) * percent, 100)
    if not hundredths:
        return ordered[below]
    gap = _WIDE.subtract(ordered[below + 1], ordered[below])
    part = _WIDE.multiply(gap, Decimal(hundredths).scaleb(-2))
    return _WIDE.add(ordered[below], part)


def median(ordered: list[Decimal]) -> Decimal:
    """The middle of the ascending `ordered`, or the mean of the two in the middle."""
    middle, odd = divmod(len(ordered), 2)
    return ordered[middle] if odd else (ordered[middle - 1] + ordered[middle]) / 2


def mean(numbers: list[Decimal]) -> Decimal:
    """The sum by the number of them."""
    return sum(numbers, ZERO) / len(numbers)


@lru_cache(maxsize=4096)
def plain(number: Decimal) -> str:
    """All digits without an exponent and without idle zeros: `80`, `0.5`."""
    return digits(number)


def digits(number: Decimal) -> str:
    """`plain` for numbers that seldom come twice."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def shown(number: Decimal) -> str:
    """For sentences: all digits when they are few, else four places after `≈`."""
    text = digits(number)
    whole, _, places = text.partition(".")
    if len(places) <= 4:
        return text
    if len(whole) > 20:
        return f"≈{whole}"
    return f"≈{digits(half_up(number, 4))}"


def percent(share: Decimal) -> str:
    """A share as people write it: 0.2 is `20%`."""
    return f"{plain(share * 100)}%"
