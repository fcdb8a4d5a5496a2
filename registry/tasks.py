"""What the worker does for the register: handlers of jobs, and what a clock starts."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction

from accounts.models import Region
from core import clock
from core.text import T
from core.workbook.tables import Lines
from office.services import audit, files, periods
from office.services.jobs import Run
from registry.excel import register
from registry.excel.lists import wanted, write
from registry.models import RegisterImport
from registry.queries import register_rows
from registry.services import bulk, exports, tenancy


def export_list(run: Run) -> None:
    """Writes a list of the register that its owner may see now, in the order of the page."""
    at = clock.now()
    exports.write_down(run, leaving=wanted(run.job.arguments, at), write=write, at=at)


def check_register_file(run: Run) -> None:
    """Reads and checks an upload of the register; the report is its preview."""
    bulk.check(
        run=run,
        found=bulk.import_of(run),
        read=lambda found: _lines(run, found),
        mark=lambda found, problems: register.marked(files.content_of(found.file), problems),
        at=clock.now(),
    )


def apply_register_file(run: Run) -> None:
    """Writes a confirmed upload."""
    bulk.apply(run=run, found=bulk.import_of(run), read=lambda found: _lines(run, found))


def _lines(run: Run, found: RegisterImport) -> Lines:
    def tell(number: int) -> None:
        run.progress(number, 0, str(T("已读取 {n} 行", n=number)))

    return register.read(files.content_of(found.file), found.sheet, tell)


def make_register_book(run: Run) -> None:
    """The register of the owner's scope as it is now, as a workbook that can be handed in again."""
    sheet, at = run.job.arguments["sheet"], clock.now()
    bulk.refuse_others(run.actor, sheet)
    rows = list(register_rows.rows_of(run.actor, sheet, clock.day_of(at)))
    run.progress(0, len(rows))
    content = register.filled(sheet, rows)
    name = f"{register.NAMES[sheet]}-{clock.day_of(at)}.xlsx"
    with transaction.atomic():
        result = files.store(content=content, name=name, content_type=files.XLSX, actor=run.actor, at=at)
        told = {"sheet": sheet, "count": len(rows)}
        audit.record(actor=run.actor, action="register.export", on=run.job, at=at, detail=told)
        run.finish(outcome={"count": len(rows)}, result=result)


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
