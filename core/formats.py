"""Numbers, money and instants as people read them. Exact: decimals in, half-up out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from core.shanghai import SHANGHAI
from core.text import T, Text

MISSING = "—"
MINUS = "−"


def exact(value: object) -> Decimal | None:
    """The value as a finite decimal; None when it is missing or no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value).replace(",", "").replace(MINUS, "-"))
    except InvalidOperation:
        return None
    return found if found.is_finite() and found.adjusted() < 40 else None


def grouped_digits(value: Decimal, places: int | None) -> str:
    """With thousands and a real minus; `places` None keeps those it has."""
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(value):,f}"
    return f"{MINUS}{text}" if value < 0 else text


def number(value: object, places: int | None = None) -> str:
    """`1234.5` → `1,234.5`; missing → `—`; what is no number is shown as it is."""
    found = exact(value)
    if found is None:
        return MISSING if value is None or value == "" else str(value)
    return grouped_digits(found, places)


def brief(value: object, places: int = 4) -> str:
    """`2.18045112…` → `≈2.1805`; what has no more places than these is shown whole."""
    found = exact(value)
    if found is None or found == (shown := found.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)):
        return number(value)
    return f"≈{number(shown.normalize() if shown else 0)}"


def money(value: object) -> str:
    """Yuan: two places, dropped when they are `.00`."""
    text = number(value, 2)
    return text.removesuffix(".00")


def day(value: object) -> str:
    """`2026-03-18`; an instant counts by its day in Shanghai."""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date() if value.tzinfo else value.date()
    return value.isoformat() if isinstance(value, date) else str(value or MISSING)


def moment(value: object, this_year: int) -> str:
    """`03-18 14:32`, with its year when that is another one."""
    if not isinstance(value, datetime):
        return day(value)
    local = value.astimezone(SHANGHAI) if value.tzinfo else value
    text = f"{local:%m-%d %H:%M}"
    return text if local.year == this_year else f"{local.year:04d}-{text}"


def minute(value: datetime | None) -> str:
    """`2026-03-18 14:32` in Shanghai, as it stands in a file; empty for none."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else ""


def _length(seconds: int) -> Text:
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    if days:
        return T("{days} 天 {hours} 小时", days=days, hours=hours)
    if hours:
        return T("{hours} 小时 {minutes} 分", hours=hours, minutes=rest // 60)
    return T("{minutes} 分", minutes=rest // 60)


def until(due: datetime, now: datetime) -> Text:
    """How long it still is, or has been, in words."""
    left = due - now
    if left >= timedelta(0):
        return T("还有 {length}", length=_length(int(left.total_seconds())))
    return T("已过 {length}", length=_length(int(-left.total_seconds())))


def digest(value: object) -> str:
    """A fingerprint short enough to compare by eye: `8f3a5c01…9c21`."""
    text = str(value or "")
    return f"{text[:8]}…{text[-4:]}" if len(text) > 16 else text or MISSING
