"""What was backed up comes back; what is damaged is noticed before anything is touched."""

from __future__ import annotations

import json
import random
import shutil
import tarfile
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.actors import Actor
from accounts.models import User
from core.problems import Refused
from office.models import AuditEntry, Job, JobState, StoredFile
from office.services import audit, backup, dumps, files, sealing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept(storage: Path, data_dir: Path, auditor: Actor, now: datetime) -> Path:
    """A portal with people, two files and a sealed audit, and its backup."""
    for content in (b"one", b"two"):
        files.store(content=content, name="x.txt", content_type="text/plain", actor=auditor, at=now)
    with transaction.atomic():
        audit.record(actor=auditor, action="a", on="b", at=now, detail={"数": "1.50"})
    sealing.seal(at=now)
    return backup.backup(folder=data_dir / "backups", at=now).path


def test_the_archive_lists_the_hash_of_each_part(kept: Path) -> None:
    manifest = backup.check(kept)
    assert manifest["database"] == connection.vendor
    with tarfile.open(kept) as archive:
        names = archive.getnames()
    assert names[-1] == "manifest.json"
    assert sorted(manifest["sha256"]) == sorted(names[:-1])
    assert len([name for name in names if name.startswith("files/")]) == 2
    assert "SECRET_KEY" not in json.dumps(manifest)
    assert kept.stat().st_mode & 0o777 == 0o600


def test_everything_comes_back(
    kept: Path, storage: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list(AuditEntry.objects.values())
    call_command("flush", verbosity=0, interactive=False)
    shutil.rmtree(storage)
    sealing.heads_file().unlink()
    call_command("restore", str(kept))
    assert list(AuditEntry.objects.values()) == before
    assert sorted(files.content_of(file) for file in StoredFile.objects.all()) == [b"one", b"two"]
    call_command("check_invariants")
    assert capsys.readouterr().out.endswith("0 faults.\n")


def test_a_database_with_people_is_replaced_only_when_that_was_said(kept: Path, now: datetime) -> None:
    User.objects.create_user("later", name="后来")
    with pytest.raises(CommandError, match="数据库非空"):
        call_command("restore", str(kept))
    assert User.objects.filter(username="later").exists()
    call_command("restore", str(kept), replace=True)
    assert not User.objects.filter(username="later").exists()


def test_a_flipped_byte_anywhere_is_noticed_before_anything_is_touched(kept: Path) -> None:
    whole = kept.read_bytes()
    places = random.Random(7)
    for _flip in range(40):
        place = places.randrange(len(whole))
        kept.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Refused, match="备份文件已损坏"):
            backup.restore(path=kept, replace=True, at=datetime.now())
    kept.write_bytes(whole[:-200])
    with pytest.raises(CommandError, match="备份文件已损坏"):
        call_command("restore", str(kept), replace=True)
    kept.write_bytes(b"")
    with pytest.raises(Refused, match="备份文件已损坏"):
        backup.check(kept)
    assert User.objects.exists()


def test_a_file_that_is_missing_stops_the_backup_with_a_sentence(
    kept: Path, storage: Path, data_dir: Path
) -> None:
    file = StoredFile.objects.all()[0]
    (storage / file.storage_name).unlink()
    with pytest.raises(CommandError, match="1 个文件在库中有记录而存储中没有"):
        call_command("backup", to=data_dir / "backups")
    assert [path.name for path in (data_dir / "backups").iterdir()] == [kept.name]


def test_without_the_client_programs_a_sentence_says_which(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dumps, "kind", lambda: "postgresql")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="本机没有 pg_dump"):
        dumps.dump(tmp_path / "d")


def test_a_backup_of_the_other_database_is_refused(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "kind", lambda: "other")
    with pytest.raises(Refused, match="不能恢复到此库"):
        backup.restore(path=kept, replace=True, at=datetime.now())


def test_a_backup_of_a_newer_release_is_refused(
    kept: Path, data_dir: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = backup.MigrationRecorder(connection).applied_migrations() | {("office", "9999_later"): None}
    monkeypatch.setattr(backup.MigrationRecorder, "applied_migrations", lambda _self: newer)
    path = backup.backup(folder=data_dir / "newer", at=now).path
    with pytest.raises(CommandError, match="备份来自更新的版本"):
        call_command("restore", str(path), replace=True)


def test_a_file_that_was_touched_and_a_job_that_cannot_be_are_faults(
    kept: Path, storage: Path, auditor: Actor, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    file = StoredFile.objects.all()[0]
    (storage / file.storage_name).write_bytes(b"touched")
    job = Job.objects.create(
        handler="x", title="x", created_at=now, state=JobState.WAITING, lease_until=now, owner=auditor.user
    )
    with pytest.raises(CommandError, match="2 faults"):
        call_command("check_invariants")
    said = capsys.readouterr().out
    assert f"文件 {file.pk}（x.txt）缺失，或与其摘要不符。" in said
    assert f"任务 {job.pk} 的状态 waiting 与其时间、租约不符。" in said
