"""The one clock. Edges read it once and pass the instant on as `at=`; tests replace `now`."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone

from core.shanghai import SHANGHAI, day_of

__all__ = ["SHANGHAI", "day_of", "now"]


def now() -> datetime:
    """The database's clock, aware, in UTC: web and worker machines may differ, it decides.

    On SQLite the database is this process, so the process's clock is the same thing.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
