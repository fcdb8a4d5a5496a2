"""Keeps files by their content."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from django.db.models import Count, Sum

from accounts.actors import Actor
from accounts.models import User
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.models import StoredFile
from office.storage import PART

log = logging.getLogger(__name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEGABYTE = 1024 * 1024
DAILY_FILES = 20
DAILY_BYTES = 200 * MEGABYTE
# Refuse when less than a tenth of the disk is left, or less than a gigabyte where the disk is large.
FREE_SHARE = 10
FREE_BYTES = 1024 * MEGABYTE
ORPHAN_AGE = timedelta(hours=24)


class TooMuch(Refused):
    """An upload beyond the day's quota: 429, tomorrow it is taken."""

    status = 429


def store(*, content: bytes, name: str, content_type: str, actor: Actor, at: datetime) -> StoredFile:
    """Keeps what the portal made (exports, documents). The bytes are in the storage before the row: no row
    without its file."""
    return _keep(content, name, content_type, actor, at, is_upload=False)


def receive(*, content: bytes, name: str, content_type: str, actor: Actor, at: datetime) -> StoredFile:
    """Keeps what a person handed in, within their quota of the day; `TooMuch` beyond it."""
    with transaction.atomic():
        if actor.user:
            locked(User.objects.all(), pk=actor.user.pk)  # uploads of one person count one after another
            _check_quota(actor.user, len(content), at)
        return _keep(content, name, content_type, actor, at, is_upload=True)


def _check_quota(user: User, size: int, at: datetime) -> None:
    morning = at.astimezone(clock.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    today = StoredFile.objects.filter(owner=user, is_upload=True, received_at__gte=morning)
    sums = today.aggregate(files=Count("pk"), size=Sum("size"))
    if sums["files"] >= DAILY_FILES or (sums["size"] or 0) + size > DAILY_BYTES:
        words = T(
            "您今天已上传 {files} 个文件（每天最多 {n} 个，合计不超过 {size} MB）。请明天再传。",
            files=sums["files"],
            n=DAILY_FILES,
            size=DAILY_BYTES // MEGABYTE,
        )
        raise TooMuch(Problem("file.quota", words, field="file"))


def _keep(
    content: bytes, name: str, content_type: str, actor: Actor, at: datetime, *, is_upload: bool
) -> StoredFile:
    file = StoredFile(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        name=name[-200:],
        content_type=content_type,
        owner=actor.user,
        received_at=at,
        is_upload=is_upload,
    )
    _write(file, content)
    file.save(force_insert=True)
    return file


def _write(file: StoredFile, content: bytes) -> None:
    """A file that a row already names is there for good; any other is written anew, also over an orphan,
    which might be swept at this moment."""
    if StoredFile.objects.filter(sha256=file.sha256).exists() and default_storage.exists(file.storage_name):
        return
    full = Problem(
        "file.disk_full", T("服务器存储空间不足，文件未保存。请稍后再试，或联系系统管理员。"), field="file"
    )
    if not _has_room(len(content)):
        log.error("the disk of the files is nearly full")
        raise Refused(full)
    try:
        default_storage.save(file.storage_name, ContentFile(content))
    except OSError as error:
        log.exception("a file could not be written")
        raise Refused(full) from error


def _folder() -> Path | None:
    """Where the files lie on this machine; nothing when they lie elsewhere."""
    if not isinstance(default_storage, FileSystemStorage):
        return None
    return Path(default_storage.location)


def _has_room(size: int) -> bool:
    folder = _folder()
    if folder is None:
        return True
    while not folder.exists():
        folder = folder.parent
    disk = shutil.disk_usage(folder)
    return disk.free - size >= min(disk.total // FREE_SHARE, FREE_BYTES)


def opened(file: StoredFile) -> IO[bytes]:
    """The bytes, for reading."""
    return default_storage.open(file.storage_name, "rb")


def content_of(file: StoredFile) -> bytes:
    with opened(file) as handle:
        return handle.read()


def is_whole(file: StoredFile) -> bool:
    """Whether the file is there and is what was handed in."""
    if not default_storage.exists(file.storage_name):
        return False
    digest = hashlib.sha256()
    with opened(file) as handle:
        while chunk := handle.read(MEGABYTE):
            digest.update(chunk)
    return digest.hexdigest() == file.sha256


def sweep_orphans(*, at: datetime) -> int:
    """Removes files that no row names and that are older than a day: traces of acts that were rolled back or
    killed. How many."""
    folder = _folder()
    if folder is None or not folder.exists():
        return 0
    removed = 0
    for path in _old_files(folder, at - ORPHAN_AGE):
        if path.name.endswith(PART) or not StoredFile.objects.filter(sha256=path.name).exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _old_files(folder: Path, before: datetime) -> Iterator[Path]:
    for shelf in sorted(folder.iterdir()):
        if not (shelf.is_dir() and len(shelf.name) == 2):
            continue
        with os.scandir(shelf) as entries:
            for entry in entries:
                if entry.is_file() and entry.stat().st_mtime < before.timestamp():
                    yield Path(entry.path)
