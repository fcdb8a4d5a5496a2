"""What jobs of this room do: each loads by id, reads, and makes one call."""

from __future__ import annotations

from office.services.files import content_of
from office.services.jobs import Run
from reporting.excel.reading import open_workbook, read_return
from reporting.models import WorkbookImport
from reporting.queries import Opened
from reporting.rules.reading import Reading
from reporting.services import workbooks


def _reading(found: WorkbookImport, opened: Opened) -> Reading:
    book, meta = open_workbook(content_of(found.file))
    workbooks.belongs(meta, opened)
    return read_return(book, meta, opened.form)


def check_workbook(run: Run) -> None:
    """Reads and checks an upload; the report is its preview."""
    found = workbooks.import_of(run)
    workbooks.check(run=run, found=found, read=lambda opened: _reading(found, opened))


def apply_workbook(run: Run) -> None:
    """Writes a confirmed upload."""
    found = workbooks.import_of(run)
    workbooks.apply(run=run, found=found, read=lambda opened: _reading(found, opened))
