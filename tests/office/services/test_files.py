"""No row without its file, no half file, no flood."""

from __future__ import annotations

import errno
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.actors import Actor
from core.problems import Refused
from office.models import StoredFile
from office.services import files

pytestmark = pytest.mark.django_db


def received(actor: Actor, at: datetime, content: bytes = b"abc", name: str = "名单.xlsx") -> StoredFile:
    return files.receive(content=content, name=name, content_type=files.XLSX, actor=actor, at=at)


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_hash_once(storage: Path, staff: Actor, now: datetime) -> None:
    one, two = received(staff, now), received(staff, now, name="另一个.xlsx")
    assert one.sha256 == two.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert stored(storage) == [one.sha256]
    assert files.content_of(two) == b"abc"
    assert (storage / one.storage_name).stat().st_mode & 0o777 == 0o600
    assert files.is_whole(one)
    (storage / one.storage_name).write_bytes(b"abd")
    assert not files.is_whole(one)
    (storage / one.storage_name).unlink()
    assert not files.is_whole(one)


def test_the_twenty_first_upload_of_a_day_is_refused(storage: Path, staff: Actor, at: Any) -> None:
    evening = at(2026, 3, 18, 23, 59)
    for number in range(files.DAILY_FILES):
        received(staff, evening, str(number).encode())
    with pytest.raises(files.TooMuch, match="您今天已上传 20 个文件") as refusal:
        received(staff, evening, b"one more")
    assert refusal.value.status == 429
    assert StoredFile.objects.count() == 20
    received(staff, at(2026, 3, 19, 0, 0), b"the next day")


def test_two_hundred_megabytes_a_day(
    storage: Path, staff: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "DAILY_BYTES", 10)
    received(staff, now, b"123456789")
    with pytest.raises(files.TooMuch):
        received(staff, now, b"12")
    received(staff, now, b"1")


def test_another_persons_quota_and_the_portals_own_files_are_untouched(
    storage: Path, staff: Actor, admin: Actor, now: datetime
) -> None:
    for number in range(files.DAILY_FILES):
        received(staff, now, str(number).encode())
    received(admin, now)
    made = files.store(content=b"result", name="r.xlsx", content_type=files.XLSX, actor=staff, at=now)
    assert not made.is_upload


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    storage: Path, staff: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="存储空间不足"):
        received(staff, now)
    assert stored(storage) == []
    assert not StoredFile.objects.exists()


def test_a_nearly_full_disk_is_refused_before_writing(
    storage: Path, staff: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _folder: _Disk(640, 70))
    received(staff, now, b"123456")
    with pytest.raises(Refused, match="存储空间不足"):
        received(staff, now, b"1234567")


class _Disk:
    def __init__(self, total: int, free: int) -> None:
        self.total, self.free = total, free


def test_the_sweep_takes_old_orphans_and_half_files_only(storage: Path, staff: Actor, now: datetime) -> None:
    kept = received(staff, now, b"kept")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        orphan = received(staff, now, b"orphan")
        raise ZeroDivisionError
    half = storage / orphan.storage_name[:2] / "x.0123456789abcdef.part"
    half.write_bytes(b"ha")
    call_command("sweep_files")
    assert len(stored(storage)) == 3  # younger than a day: somebody may be at work
    old = (now - timedelta(hours=25)).timestamp()
    for path in storage.rglob("*"):
        if path.is_file():
            os.utime(path, (old, old))
    assert files.sweep_orphans(at=now) == 2
    assert stored(storage) == [kept.sha256]


def test_an_orphan_that_is_handed_in_again_is_written_anew(
    storage: Path, staff: Actor, now: datetime
) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        orphan = received(staff, now, b"again")
        raise ZeroDivisionError
    old = (now - timedelta(hours=25)).timestamp()
    os.utime(storage / orphan.storage_name, (old, old))
    received(staff, now, b"again")
    assert files.sweep_orphans(at=now) == 0
