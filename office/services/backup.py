"""Everything that must not be lost, in one file: the database, the files, and a list of their hashes.

The file is a plain tar, so that it can be opened without the portal. Its last line is the SHA-256 of all
before it: a flipped byte anywhere is noticed before anything is touched. The keys (SECRET_KEY,
SIGNING_KEYS) are not in it; they are kept where the settings are kept.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from core import clock
from core.problems import Problem, Refused
from core.text import T
from office.models import StoredFile
from office.services import dumps, sealing

FORM = 1
MANIFEST, DATABASE, HEADS = "manifest.json", "database", "audit-heads.jsonl"
MARK = b"\nsha256:"
TRAILER = len(MARK) + 64 + 1
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Report:
    """What went in or came back."""

    path: Path
    files: int
    size: int


def backup(*, folder: Path, at: datetime) -> Report:
    """Writes one archive into `folder`. The database first: files are never changed, so those of its rows are
    still there afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"portal-{at.astimezone(clock.SHANGHAI):%Y%m%d-%H%M%S}.tar"
    part = target.with_suffix(".part")
    try:
        with tempfile.TemporaryDirectory(dir=folder) as work, tarfile.open(part, "w") as archive:
            count = _fill(archive, Path(work), at)
        _seal(part)
        part.chmod(0o600)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return Report(target, count, target.stat().st_size)


def _fill(archive: tarfile.TarFile, work: Path, at: datetime) -> int:
    dumps.dump(work / DATABASE)
    hashes = {DATABASE: _add(archive, DATABASE, (work / DATABASE).open("rb"))}
    if sealing.heads_file().exists():
        hashes[HEADS] = _add(archive, HEADS, sealing.heads_file().open("rb"))
    missing = []
    for name in _stored_names():
        if not default_storage.exists(name):
            missing.append(name)
            continue
        hashes[f"files/{name}"] = _add(archive, f"files/{name}", default_storage.open(name, "rb"))
    if missing:
        words = T("{n} 个文件在库中有记录而存储中没有：{names}", n=len(missing), names="、".join(missing[:5]))
        raise Refused(Problem("backup.missing", words))
    manifest = {
        "form": FORM,
        "made_at": at.isoformat(),
        "database": dumps.kind(),
        "migrations": sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
        "sha256": hashes,
    }
    _add(archive, MANIFEST, io.BytesIO(json.dumps(manifest, ensure_ascii=False, indent=1).encode()))
    return len([name for name in hashes if name.startswith("files/")])


def _stored_names() -> Iterator[str]:
    last = ""
    for file in StoredFile.objects.order_by("sha256").iterator(chunk_size=500):
        if file.sha256 != last:
            last = file.sha256
            yield file.storage_name


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes] | File[Any]) -> str:
    """Copies the content in through a temporary file, since a tar wants the size first."""
    digest = hashlib.sha256()
    with content, tempfile.TemporaryFile() as spool:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            spool.write(chunk)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = spool.tell(), 0o600
        spool.seek(0)
        archive.addfile(entry, spool)
    return digest.hexdigest()


def _seal(path: Path) -> None:
    digest = _digest(path, path.stat().st_size)
    with path.open("ab") as file:
        file.write(MARK + digest.encode() + b"\n")


def _digest_of(content: IO[bytes], size: int | None = None) -> str:
    """The SHA-256 of what follows in `content`, of so many bytes at most."""
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK if size is None else min(CHUNK, size)):
        digest.update(chunk)
        size = None if size is None else size - len(chunk)
    return digest.hexdigest()


def _digest(path: Path, size: int) -> str:
    with path.open("rb") as file:
        return _digest_of(file, size)


def _broken(why: str = "") -> Refused:
    words = T("备份文件已损坏或不完整，未做任何改动。{why}", why=why)
    return Refused(Problem("backup.broken", words))


def check(path: Path) -> dict[str, Any]:
    """The manifest of an archive that is whole; `Refused` for any other. Nothing is touched."""
    size = path.stat().st_size - TRAILER
    with path.open("rb") as file:
        file.seek(max(size, 0))
        trailer = file.read()
    if size < 0 or trailer != MARK + _digest(path, size).encode() + b"\n":
        raise _broken()
    try:
        with tarfile.open(path) as archive:
            manifest: dict[str, Any] = json.loads(_member(archive, MANIFEST).read())
            for name, expected in manifest["sha256"].items():
                if _digest_of(_member(archive, name)) != expected:
                    raise _broken(name)
    except (tarfile.TarError, ValueError, KeyError) as error:
        raise _broken() from error
    if manifest["form"] != FORM:
        raise Refused(Problem("backup.form", T("备份格式 {form} 与本版本不符。", form=manifest["form"])))
    return manifest


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise _broken(name)
    return found


def restore(*, path: Path, replace: bool, at: datetime) -> Report:
    """Puts back what `backup` wrote. Files first, since files without a row do no harm; then the database,
    all or nothing."""
    manifest = check(path)
    if manifest["database"] != dumps.kind():
        raise Refused(
            Problem("backup.kind", T("备份来自 {kind} 数据库，不能恢复到此库。", kind=manifest["database"]))
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if not known.issuperset(manifest["migrations"]):
        raise Refused(Problem("backup.newer", T("备份来自更新的版本，请先升级本系统再恢复。")))
    if not replace and not dumps.is_empty():
        raise Refused(
            Problem("backup.not_empty", T("数据库非空。确认要以备份替换全部数据时，请加 --replace。"))
        )
    names = [name for name in manifest["sha256"] if name.startswith("files/")]
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path) as archive, tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as work:
        for name in names:
            inner = name.removeprefix("files/")
            if default_storage.exists(inner):
                default_storage.delete(inner)
            default_storage.save(inner, File(_member(archive, name)))
        with _member(archive, DATABASE) as source, (Path(work) / DATABASE).open("wb") as target:
            shutil.copyfileobj(source, target)
        dumps.load(Path(work) / DATABASE)
        _restore_heads(archive, manifest, at)
    return Report(path, len(names), path.stat().st_size)


def _restore_heads(archive: tarfile.TarFile, manifest: dict[str, Any], at: datetime) -> None:
    """The heads go back with the chain; those told meanwhile stay beside, for whoever has to explain."""
    path = sealing.heads_file()
    if path.exists():
        path.replace(path.with_name(f"audit-heads.{at:%Y%m%dT%H%M%S}.jsonl"))
    if HEADS in manifest["sha256"]:
        path.write_bytes(_member(archive, HEADS).read())
