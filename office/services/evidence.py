"""Documents that people hand in as evidence: PDF or picture, told by their content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from core.problems import Problem, Refused
from core.text import T
from office.models import StoredFile
from office.services import files

MOST_BYTES = 20 * files.MEGABYTE
_SIGNS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a person handed it in."""

    name: str
    content: bytes


def kept(upload: Upload | None, *, actor: Actor, at: datetime, field: str) -> StoredFile | None:
    """The file, stored; None when there is none."""
    return None if upload is None else stored(upload, actor=actor, at=at, field=field)


def stored(upload: Upload, *, actor: Actor, at: datetime, field: str) -> StoredFile:
    """The file, stored. Raises `Refused` for what is no PDF, PNG or JPEG."""
    if len(upload.content) > MOST_BYTES:
        message = T("文件太大：最多 {n} MB。", n=MOST_BYTES // files.MEGABYTE)
        raise Refused(Problem("file.size", message, field=field))
    kind = next((kind for sign, kind in _SIGNS if upload.content.startswith(sign)), None)
    if kind is None:
        message = T("只收 PDF、PNG 或 JPEG 文件。")
        raise Refused(Problem("file.kind", message, field=field, found=upload.name[-40:]))
    return files.receive(content=upload.content, name=upload.name, content_type=kind, actor=actor, at=at)
