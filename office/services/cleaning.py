"""Removes daily what has had its time, so that nothing grows without end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.management import call_command

from office.models import IdempotentRequest, OutboxMessage, OutboxState, PeriodRun
from office.services import access, files

REQUESTS = timedelta(days=7)
PERIODS = timedelta(days=400)  # a year's task must not run again
SLOTS = timedelta(days=2)
SENT = timedelta(days=90)


def clear(*, at: datetime) -> dict[str, int]:
    """How many of each were removed."""
    slots = PeriodRun.objects.filter(period__contains="s:", started_at__lt=at - SLOTS)
    requests = IdempotentRequest.objects.filter(created_at__lt=at - REQUESTS)
    sent = OutboxMessage.objects.filter(state=OutboxState.SENT, sent_at__lt=at - SENT)
    removed = {
        "slots": slots.delete()[0],
        "periods": PeriodRun.objects.filter(started_at__lt=at - PERIODS).delete()[0],
        "requests": requests.delete()[0],
        "messages": sent.delete()[0],
        "files": files.sweep_orphans(at=at),
        "access": access.clear(at=at),
    }
    call_command("clearsessions")
    return removed
