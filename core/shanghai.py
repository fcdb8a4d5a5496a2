"""The zone in which days and deadlines are decided; plain, so that rules may know it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(at: datetime) -> date:
    """The calendar day of an instant, in Asia/Shanghai."""
    return at.astimezone(SHANGHAI).date()
