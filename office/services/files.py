"""Keeps files by their content."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.actors import Actor
from office.models import StoredFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def store(*, content: bytes, name: str, content_type: str, actor: Actor, at: datetime) -> StoredFile:
    """The file's bytes are in the storage before its row: no row without its file."""
    digest = hashlib.sha256(content).hexdigest()
    file = StoredFile(
        sha256=digest,
        size=len(content),
        name=name[-200:],
        content_type=content_type,
        owner=actor.user,
        received_at=at,
    )
    if not default_storage.exists(file.storage_name):
        default_storage.save(file.storage_name, ContentFile(content))
    file.save(force_insert=True)
    return file


def opened(file: StoredFile) -> IO[bytes]:
    """The bytes, for reading."""
    return default_storage.open(file.storage_name, "rb")


def content_of(file: StoredFile) -> bytes:
    with opened(file) as handle:
        return handle.read()
