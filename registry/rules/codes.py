"""The portal's own permanent code of a carrier: root, city, running number (`SL-990500-0001`)."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"[A-Z]{1,4}-[0-9]{6}-[0-9]{4,}")


def stem(prefix: str, city: str) -> str:
    """What all codes of a city begin with: the root's prefix and the city's code."""
    return f"{prefix}-{city}-"


def carrier_code(prefix: str, city: str, number: int) -> str:
    return f"{stem(prefix, city)}{number:04d}"


def number_of(code: str) -> int:
    """The running number of a carrier's code."""
    return int(code.rpartition("-")[2])


def is_carrier_code(text: str) -> bool:
    return bool(_SHAPE.fullmatch(text))
