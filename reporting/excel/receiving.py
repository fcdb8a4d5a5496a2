"""What is looked at while the person waits: the gate, the seal, whose file it is; a job does the rest."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from core.workbook.writer import META
from office.services.importing import taken
from reporting.excel.reading import open_workbook
from reporting.queries import Opened
from reporting.services.workbooks import belongs


def received(file: UploadedFile[bytes] | None, opened: Opened) -> tuple[bytes, str]:
    """The bytes and the name of an upload for this return. Raises `Refused` when there is none, when it is
    too large (before it is read), when it does not pass the gate or was made for another return."""
    content, name = taken(file)
    _, meta = open_workbook(content, only=(META,))
    belongs(meta, opened)
    return content, name
