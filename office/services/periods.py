"""What a clock starts: once a period, however many schedulers run."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from office.models import PeriodRun


def once(*, task: str, period: str, at: datetime) -> bool:
    """Whether this caller is the one who does `task` for `period` (`2026-03-18`, `2026-Q1`, …).

    Called inside the transaction of the work itself, the period is taken only if the work commits; a
    second scheduler waits for that and then hears no.
    """
    try:
        with transaction.atomic():
            PeriodRun.objects.create(task=task, period=period, started_at=at)
    except IntegrityError:
        return False
    return True


def slot(at: datetime, seconds: int) -> str:
    """The name of the stretch of `seconds` in which this instant lies, for tasks that run more than daily."""
    return f"{seconds}s:{int(at.timestamp()) // seconds}"
