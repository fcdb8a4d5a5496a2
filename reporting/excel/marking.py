"""A carrier's own file back, with every finding in its cell."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from core.problems import Problem, Refused
from core.workbook.marking import listed, mark
from office.services.files import content_of
from reporting.excel.receiving import reading_of
from reporting.models import WorkbookImport
from reporting.rules.assess import assess
from reporting.services import workbooks


def marked_file(found: WorkbookImport, *, at: datetime) -> bytes:
    """The uploaded workbook marked against the draft as it is now; a file that cannot be opened or
    rewritten, and a pasted table, gives a workbook that only lists what is wrong."""
    try:
        problems = problems_of(found, at=at)
        if "pasted" in found.decisions:
            return listed(problems, say=gettext)
        return mark(content_of(found.file), problems, say=gettext)
    except Refused as refused:
        return listed(refused.problems, say=gettext)


def problems_of(found: WorkbookImport, *, at: datetime) -> list[Problem]:
    """Every problem, each with its own cell. Raises `Refused` when the file is wrong as a whole."""
    opened = workbooks.opened_of(found, at=at)
    return assess(opened.form, workbooks.draft_of(opened), reading_of(found, opened)).problems
