"""What jobs of this room do: each loads by id, reads, and makes one call."""

from __future__ import annotations

from office.services.jobs import Run
from reporting.excel.receiving import reading_of
from reporting.services import workbooks


def check_workbook(run: Run) -> None:
    """Reads and checks an upload; the report is its preview."""
    found = workbooks.import_of(run)
    workbooks.check(run=run, found=found, read=lambda opened: reading_of(found, opened))


def apply_workbook(run: Run) -> None:
    """Writes a confirmed upload."""
    found = workbooks.import_of(run)
    workbooks.apply(run=run, found=found, read=lambda opened: reading_of(found, opened))
