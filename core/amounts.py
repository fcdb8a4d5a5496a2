"""Numbers as people paste them: thousands, full width, units; exact or refused, never rounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal

# Full width to plain, and what pasting from a page leaves behind unseen to nothing.
WIDE: dict[int, int | str | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    **dict.fromkeys((0x200B, 0x200E, 0x200F, 0x202A, 0x202C, 0x202D, 0x2060, 0xFEFF)),
    0x3000: " ",
    0xA0: " ",
    0x2212: "-",
    0x2011: "-",
    0xFFE5: "¥",
}
_PLAIN = re.compile(r"([+-]?)([0-9]{1,40}|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]{1,40})?")
_WITH_UNIT = re.compile(
    r"(?:[¥$]|RMB|人民币)?\s*([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*([^0-9.,\s][^0-9]{0,9}[23]?)?"
)
_EXACT = Context(prec=80)

# What one of the unit is in units of the smallest of its kind.
_MONEY = {
    "分": Decimal("0.01"),
    "元": Decimal(1),
    "圆": Decimal(1),
    "块": Decimal(1),
    "人民币": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10000),
    "万": Decimal(10000),
    "百万": Decimal(1000000),
    "百万元": Decimal(1000000),
    "千万": Decimal(10000000),
    "千万元": Decimal(10000000),
    "亿": Decimal(100000000),
    "亿元": Decimal(100000000),
}
_COUNT = {"千": Decimal(1000), "万": Decimal(10000), "亿": Decimal(100000000)}


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with a unit behind it, as it was written."""

    number: Decimal
    unit: str


def narrow(text: str) -> str:
    """Full-width letters, digits, signs and spaces as plain ones; nothing else changes (35² stays)."""
    return text.translate(WIDE).strip()


def plain_number(text: str) -> Decimal | None:
    """The number of `1,234.50`, `１２`, `+3`; None for everything else that Python would take."""
    match = _PLAIN.fullmatch(narrow(text))
    if not match:
        return None
    sign, whole, part = match.groups()
    return Decimal(f"{sign}{whole.replace(',', '')}{part or ''}")


def measured(text: str) -> Measured | None:
    """`35万元`, `¥35`, `1,200 平方米`; None when it is no number with something behind it."""
    narrowed = narrow(text)
    match = _WITH_UNIT.fullmatch(narrowed)
    if not match:
        return None
    number = plain_number(match[1])
    unit = (match[2] or "").strip()
    if not unit and narrowed[:1] not in "+-0123456789":
        unit = "元"
    return Measured(number, unit) if number is not None and unit else None


def in_unit(value: Measured, unit: str) -> Decimal | None:
    """The number that was meant, in `unit`; None when the two units have nothing in common."""
    if unit in _MONEY and value.unit in _MONEY:
        scaled = _EXACT.multiply(value.number, _MONEY[value.unit])
        return _EXACT.divide(scaled, _MONEY[unit])
    count = value.unit.removesuffix(unit) if unit else value.unit
    if not count:
        return value.number
    if count in _COUNT:
        return _EXACT.multiply(value.number, _COUNT[count])
    return value.number if not unit else None


def shown(value: Decimal) -> str:
    """A number without exponent and idle zeros: `350`, `0.5`."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def places_of(value: Decimal) -> int:
    """How many decimals it really has."""
    return len(shown(value).partition(".")[2])
