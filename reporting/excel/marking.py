"""A carrier's own file back, with every finding in its cell."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from core.problems import Problem, Refused
from core.workbook.marking import listed, mark
from office.services.files import content_of
from reporting.excel.reading import open_workbook, read_return
from reporting.models import WorkbookImport
from reporting.rules.assess import assess
from reporting.services import workbooks


def marked_file(found: WorkbookImport, *, at: datetime) -> bytes:
    """The uploaded workbook marked against the draft as it is now; a file that cannot be opened or
    rewritten gives a workbook that only lists what is wrong."""
    content = content_of(found.file)
    try:
        problems = problems_of(found, content, at=at)
        return mark(content, problems, say=gettext)
    except Refused as refused:
        return listed(refused.problems, say=gettext)


def problems_of(found: WorkbookImport, content: bytes, *, at: datetime) -> list[Problem]:
    """Every problem, each with its own cell. Raises `Refused` when the file is wrong as a whole."""
    opened = workbooks.opened_of(found, at=at)
    book, meta = open_workbook(content)
    workbooks.belongs(meta, opened)
    return assess(opened.form, workbooks.draft_of(opened), read_return(book, meta, opened.form)).problems
