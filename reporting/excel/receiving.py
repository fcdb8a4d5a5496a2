"""What is looked at while the person waits: the gate, the seal, whose file it is; a job does the rest."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from core.workbook.writer import META
from office.services.files import content_of
from office.services.importing import taken
from reporting.excel.pasting import read_pasted
from reporting.excel.reading import open_workbook, read_return
from reporting.models import WorkbookImport
from reporting.queries import Opened
from reporting.rules.pasting import paste_of
from reporting.rules.reading import Reading
from reporting.services.workbooks import belongs


def received(file: UploadedFile[bytes] | None, opened: Opened) -> tuple[bytes, str]:
    """The bytes and the name of an upload for this return. Raises `Refused` when there is none, when it is
    too large (before it is read), when it does not pass the gate or was made for another return."""
    content, name = taken(file)
    _, meta = open_workbook(content, only=(META,))
    belongs(meta, opened)
    return content, name


def reading_of(found: WorkbookImport, opened: Opened) -> Reading:
    """What stands in an upload: a workbook of this return, or a table that was pasted."""
    pasted = found.decisions.get("pasted")
    if pasted is not None:
        return read_pasted(content_of(found.file).decode("utf-8"), paste_of(pasted), opened.form)
    book, meta = open_workbook(content_of(found.file))
    belongs(meta, opened)
    return read_return(book, meta, opened.form)
