"""What the worker does for the register: handlers of jobs, and what a clock starts."""

from __future__ import annotations

from collections.abc import Iterator

from celery import shared_task
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Region
from core import clock
from office.services import audit, files, periods
from office.services.jobs import Run
from registry.excel.carriers import workbook
from registry.excel.findings import workbook as finding_book
from registry.models import Carrier
from registry.queries import directory
from registry.queries.findings import findings
from registry.queries.levels import designation_words, level_words
from registry.rules import finding_list, listing
from registry.services import tenancy
from registry.services.exports import check_may_export, check_may_export_findings

MOST_FINDINGS = 100_000


def export_carriers(run: Run) -> None:
    """Writes the list that its owner may see now, in the order of the page."""
    check_may_export(run.actor)
    at = clock.now()
    today = clock.day_of(at)
    named = run.job.arguments["asked"]
    asked, _problems = listing.read(named, level_words(today), today, designation_words(today))
    rows = directory(run.actor, asked, managed=True)
    day = asked.day or today
    words = listing.choices(level_words(day), designation_words(day))
    carriers = list(_told(run, rows))
    content = workbook(carriers, words, who=run.actor.name, at=at, on=asked.day)
    name = f"carriers-as-of-{asked.on}.xlsx" if asked.on else f"carriers-{today}.xlsx"
    with transaction.atomic():
        result = files.store(content=content, name=name, content_type=files.XLSX, actor=run.actor, at=at)
        told = {"count": len(carriers), "filters": asked.given()}
        audit.record(actor=run.actor, action="carrier.exported", on=run.job, at=at, detail=told)
        run.finish(outcome={"count": len(carriers)}, result=result)


def export_findings(run: Run) -> None:
    """Writes the queue that its owner may see now, in the order of the page."""
    check_may_export_findings(run.actor)
    asked, _problems = finding_list.read(run.job.arguments["asked"])
    rows = findings(run.actor, asked)
    at = clock.now()
    content = finding_book(list(rows[:MOST_FINDINGS]), actor=run.actor, at=at)
    count = min(rows.count(), MOST_FINDINGS)
    name = f"findings-{clock.day_of(at)}.xlsx"
    with transaction.atomic():
        result = files.store(content=content, name=name, content_type=files.XLSX, actor=run.actor, at=at)
        told = {"count": count, "filters": asked.given()}
        audit.record(actor=run.actor, action="finding.exported", on=run.job, at=at, detail=told)
        run.finish(outcome={"count": count}, result=result)


def _told(run: Run, rows: QuerySet[Carrier]) -> Iterator[Carrier]:
    total = rows.count()
    for done, carrier in enumerate(rows.iterator(chunk_size=2_000), start=1):
        if done % 200 == 0:
            run.progress(done, total)
        yield carrier


def refresh_findings(run: Run) -> None:
    """Looks for what is irregular about tenants' stays, a root region at a time."""
    at = clock.now()
    with transaction.atomic():
        done = [tenancy.refresh(at=at, root=root) for root in Region.objects.filter(parent=None)]
        names = ("holding", "new", "back", "gone")
        run.finish(outcome={name: sum(getattr(one, name) for one in done) for name in names})


@shared_task
def look_at_stays() -> None:
    """Days pass and limits with them, so it is looked at each morning though nobody changed a stay."""
    at = clock.now()
    if periods.once(task="look_at_stays", period=str(clock.day_of(at)), at=at):
        tenancy.ask(at=at)
