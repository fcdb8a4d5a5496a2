"""What jobs of this room do, each loads by id, reads, and makes one call; and what a clock starts."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction

from core import clock
from office.services import periods
from office.services.jobs import Run
from reporting.excel.receiving import reading_of
from reporting.services import escalating, reminding, workbooks

MORNING = 8


def check_workbook(run: Run) -> None:
    """Reads and checks an upload; the report is its preview."""
    found = workbooks.import_of(run)
    workbooks.check(run=run, found=found, read=lambda opened: reading_of(found, opened))


def apply_workbook(run: Run) -> None:
    """Writes a confirmed upload."""
    found = workbooks.import_of(run)
    workbooks.apply(run=run, found=found, read=lambda opened: reading_of(found, opened))


@shared_task
def remind() -> None:
    """Once a day, from eight in the morning: carriers by their ladder, offices past their limit."""
    at = clock.now()
    if at.astimezone(clock.SHANGHAI).hour < MORNING:
        return
    with transaction.atomic():
        if periods.once(task="remind", period=str(clock.day_of(at)), at=at):
            reminding.remind(at=at)
            escalating.escalate(at=at)
