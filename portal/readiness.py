"""Whether what serving takes is there: database, broker, a worker that was heard of lately."""

from __future__ import annotations

from collections.abc import Callable

from celery import current_app
from django.core.cache import cache
from django.db import connection

HEARTBEAT = "worker:heartbeat"


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _broker() -> bool:
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=3)
        return True


def _worker() -> bool:
    """A worker renews the heartbeat every few seconds; it expires by itself."""
    return bool(cache.get(HEARTBEAT))


def _works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever it raises, this part is missing
        return False


def parts() -> dict[str, bool]:
    """Each part and whether it answered; never raises."""
    return {"database": _works(_database), "broker": _works(_broker), "worker": _works(_worker)}
