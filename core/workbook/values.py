"""What a stored number means: the digits a person sees, a percentage, or a day.

A workbook keeps numbers in binary and writes up to 17 digits of them (`35.200000000000003`); it
shows 15. So 15 significant digits, rounded in decimal, give back what was typed.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

_STORED = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_SHOWN = Context(prec=15, rounding=ROUND_HALF_EVEN)
_EXACT = Context(prec=60)
_LONG = 15
_FAR = 40
_LAST_DAY = 2_958_465
_QUOTED = re.compile(r'"[^"]*"|\\.|[_*].')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_DATE_BUILTIN = {14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)}
_TIME_BUILTIN = {18, 19, 20, 21, 22, *range(32, 36), 45, 46, 47}
_PERCENT_BUILTIN = {9, 10}


@lru_cache(maxsize=4096)
def number_text(stored: str, percent: bool = False) -> str | None:
    """The number as a plain decimal, times 100 for a percent cell; None when it is no number.

    What is too far from one to be written out keeps its exponent; longer integers keep all digits,
    so that one can see that they are too long.
    """
    if len(stored) > 64 or not _STORED.fullmatch(stored):
        return None
    value = Decimal(stored)
    if value and abs(value.adjusted()) > _FAR:
        return str(value)
    if value.adjusted() < _LONG:
        value = _SHOWN.plus(value)
    if percent:
        value = _EXACT.multiply(value, Decimal(100))
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@lru_cache(maxsize=4096)
def date_text(stored: str, date1904: bool) -> tuple[str, str] | None:
    """(`d`, day), (`t`, day and time) or (`h`, time) of a serial number; None when it is no date.

    The 1900 calendar counts a 29 February 1900 that never was; days before it shift by one.
    """
    if len(stored) > 64 or not _STORED.fullmatch(stored):
        return None
    serial = Decimal(stored)
    if serial < 0 or serial.adjusted() > 7:
        return None
    seconds = int((serial * 86400).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    days, seconds = divmod(seconds, 86400)
    clock = dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60).isoformat()
    if days == 0 and not date1904:
        return ("h", clock)
    if days > _LAST_DAY or (not date1904 and days == 60):
        return None
    first = dt.date(1904, 1, 1) if date1904 else dt.date(1899, 12, 31 if days < 60 else 30)
    try:
        day = first + dt.timedelta(days=days)
    except OverflowError:
        return None
    return ("t", f"{day.isoformat()}T{clock}") if seconds else ("d", day.isoformat())


def format_kind(number: int, code: str | None) -> str:
    """`d` for a format that shows a day or a time, `p` for a percentage, else `n`."""
    if code is None:
        if number in _DATE_BUILTIN or number in _TIME_BUILTIN:
            return "d"
        return "p" if number in _PERCENT_BUILTIN else "n"
    first = _QUOTED.sub("", code).partition(";")[0]
    if _ELAPSED.search(first):
        return "d"
    plain = _BRACKETS.sub("", first).lower().replace("general", "").replace("am/pm", "h")
    if any(sign in plain for sign in "ymdhs") and "0" not in plain.partition(".")[0]:
        return "d"
    return "p" if "%" in plain else "n"
