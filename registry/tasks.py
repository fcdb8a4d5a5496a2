"""What the worker does for the register: handlers of jobs."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from core import clock
from office.services import audit, files
from office.services.jobs import Run
from registry.excel.carriers import workbook
from registry.models import Carrier
from registry.queries import directory
from registry.queries.levels import level_words
from registry.rules import listing
from registry.services.exports import check_may_export


def export_carriers(run: Run) -> None:
    """Writes the list that its owner may see now, in the order of the page."""
    check_may_export(run.actor)
    at = clock.now()
    today = clock.day_of(at)
    asked, _problems = listing.read(run.job.arguments["asked"], level_words(today), today)
    rows = directory(run.actor, asked, managed=True)
    words = listing.choices(level_words(asked.day or today))
    carriers = list(_told(run, rows))
    content = workbook(carriers, words, who=run.actor.name, at=at, on=asked.day)
    name = f"carriers-as-of-{asked.on}.xlsx" if asked.on else f"carriers-{today}.xlsx"
    with transaction.atomic():
        result = files.store(content=content, name=name, content_type=files.XLSX, actor=run.actor, at=at)
        told = {"count": len(carriers), "filters": asked.given()}
        audit.record(actor=run.actor, action="carrier.exported", on=run.job, at=at, detail=told)
        run.finish(outcome={"count": len(carriers)}, result=result)


def _told(run: Run, rows: QuerySet[Carrier]) -> Iterator[Carrier]:
    total = rows.count()
    for done, carrier in enumerate(rows.iterator(chunk_size=2_000), start=1):
        if done % 200 == 0:
            run.progress(done, total)
        yield carrier
