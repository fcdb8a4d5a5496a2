"""The audit can be added to, and nothing else goes unnoticed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.actors import PORTAL, Actor
from core import clock
from office.models import AuditEntry, AuditSeal
from office.services import audit, guards, sealing

pytestmark = pytest.mark.django_db


def acts(actor: Actor, count: int, at: datetime) -> list[int]:
    with transaction.atomic():
        return [
            audit.record(
                actor=actor,
                action="return.accept",
                on="reporting.return",
                key=f"R-{n}",
                at=at,
                detail={"n": n},
            ).pk
            for n in range(count)
        ]


def faults(at: datetime) -> list[str]:
    return [str(fault) for fault in sealing.verify(at=at, heads=sealing.told_heads(sealing.heads_file()))]


def tampered(sql: str, *values: object) -> None:
    """As somebody would who owns the database and lifts its guards."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql, values)
            cursor.execute("SET session_replication_role = DEFAULT")
        return
    with guards.lifted(connection), connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute(sql, values)


@pytest.fixture
def sealed(auditor: Actor, data_dir: Path, now: datetime) -> list[int]:
    """Ten sealed entries."""
    keys = acts(auditor, 10, now)
    assert sealing.seal(at=now) == 10
    return keys


def test_an_act_outside_a_transaction_cannot_be_recorded(
    transactional_db: None, auditor: Actor, now: datetime
) -> None:
    with pytest.raises(RuntimeError, match="one transaction"):
        audit.record(actor=auditor, action="x", on="y", at=now)


def test_the_record_falls_with_the_act(auditor: Actor, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record(actor=auditor, action="x", on="y", at=now)
        raise ZeroDivisionError
    assert not AuditEntry.objects.exists()


def test_who_when_from_where_and_what_stands_in_the_record(auditor: Actor, now: datetime) -> None:
    with transaction.atomic():
        entry = audit.record(
            actor=auditor, action="a", on=auditor.user, at=now, reason="核对", address="127.0.0.1"
        )
    entry.refresh_from_db()
    assert auditor.appointment is not None
    assert (entry.user_id, entry.user_name, entry.role) == (auditor.user_id, "申明", "auditor")
    assert (entry.appointment_id, entry.at, entry.address) == (auditor.appointment.pk, now, "127.0.0.1")
    assert (entry.object_type, entry.object_key) == ("accounts.user", str(auditor.user_id))
    assert entry.reason == "核对"


@pytest.mark.parametrize(
    "act",
    [
        lambda: AuditEntry.objects.update(user_name="别人"),
        lambda: AuditEntry.objects.all()._raw_delete("default"),
        lambda: AuditSeal.objects.update(digest="0" * 64),
        lambda: AuditSeal.objects.all()._raw_delete("default"),
    ],
)
def test_the_database_refuses_to_change_or_delete(sealed: list[int], act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match="kept as they were written"), transaction.atomic():
        act()
    assert (AuditEntry.objects.count(), AuditSeal.objects.count()) == (10, 10)


def test_a_sealed_audit_is_whole_and_grows(sealed: list[int], auditor: Actor, now: datetime) -> None:
    assert faults(now) == []
    acts(auditor, 3, now)
    assert sealing.seal(at=now) == 3
    assert sealing.seal(at=now) == 0
    assert list(AuditSeal.objects.values_list("position", flat=True)) == list(range(1, 14))
    assert faults(now) == []


def test_a_changed_entry_is_named(sealed: list[int], now: datetime) -> None:
    tampered("UPDATE office_auditentry SET user_name = %s WHERE id = %s", "别人", sealed[4])
    assert faults(now) == [f"封印第 5 位：记录 {sealed[4]} 的内容、次序或封印被改动。"]


def test_a_deleted_entry_is_named(sealed: list[int], now: datetime) -> None:
    tampered("DELETE FROM office_auditentry WHERE id = %s", sealed[2])
    assert faults(now) == [f"封印第 3 位：记录 {sealed[2]} 被删除。"]
    tampered("DELETE FROM office_auditseal WHERE position = %s", 3)
    assert faults(now)[0] == "封印第 3 位缺失：该位的记录被删除。"


def test_two_swapped_entries_are_named(sealed: list[int], now: datetime) -> None:
    tampered("UPDATE office_auditseal SET entry_id = -1 WHERE position = 6")
    tampered("UPDATE office_auditseal SET entry_id = %s WHERE position = 7", sealed[5])
    tampered("UPDATE office_auditseal SET entry_id = %s WHERE position = 6", sealed[6])
    assert [fault[:7] for fault in faults(now)] == ["封印第 6 位", "封印第 7 位"]


def test_a_cut_tail_is_named(sealed: list[int], now: datetime) -> None:
    tampered("DELETE FROM office_auditseal WHERE position > 7")
    tampered("DELETE FROM office_auditentry WHERE id > %s", sealed[6])
    assert faults(now) == ["链尾被截：留存的链头在第 10 位，库中只到第 7 位。"]


def test_a_chain_that_was_sealed_anew_over_a_changed_entry_is_named(sealed: list[int], now: datetime) -> None:
    tampered("DELETE FROM office_auditseal WHERE position > 4")
    tampered("UPDATE office_auditentry SET reason = %s WHERE id = %s", "无", sealed[7])
    assert sealing.seal(at=now) == 6
    assert faults(now) == ["封印第 10 位与当时留存的链头不符：此位及以前有记录被改写。"]


def test_an_entry_not_sealed_for_five_minutes_is_an_alarm(
    data_dir: Path, auditor: Actor, now: datetime
) -> None:
    (key,) = acts(auditor, 1, now)
    assert sealing.overdue(at=now + timedelta(minutes=5)) == 0
    late = now + timedelta(minutes=5, seconds=1)
    assert sealing.overdue(at=late) == 1
    assert faults(late) == [f"记录 {key} 超过 5 分钟未封印。"]


def test_the_command_names_the_places_and_fails(
    sealed: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_audit")
    assert capsys.readouterr().out == "10 entries, chain whole, 1 heads agree.\n"
    tampered("UPDATE office_auditentry SET action = %s WHERE id = %s", "x", sealed[0])
    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify_audit")
    assert "封印第 1 位" in capsys.readouterr().out


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_entry_with_an_early_number_that_commits_late_is_sealed(data_dir: Path) -> None:
    written, go = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                audit.record(actor=PORTAL, action="slow", on="x", at=clock.now())
                written.set()
                go.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    written.wait(20)
    acts(PORTAL, 3, clock.now())
    assert sealing.seal(at=clock.now()) == 3
    go.set()
    writer.join()
    assert sealing.seal(at=clock.now()) == 1
    order = list(AuditSeal.objects.order_by("position").values_list("entry__action", flat=True))
    assert order == ["return.accept"] * 3 + ["slow"]
    assert AuditSeal.objects.get(position=4).entry_id == AuditEntry.objects.order_by("pk")[0].pk
    assert faults(clock.now()) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_eight_writers_and_two_sealers_leave_one_chain(data_dir: Path) -> None:
    writers, each = 8, 100
    done = threading.Event()

    def write(name: int) -> None:
        try:
            for number in range(each):
                with transaction.atomic():
                    audit.record(actor=PORTAL, action="w", on="x", key=f"{name}-{number}", at=clock.now())
        finally:
            connection.close()

    def keep_sealing() -> None:
        try:
            while not done.is_set():
                sealing.seal(at=clock.now())
                time.sleep(0.02)
        finally:
            connection.close()

    sealers = [threading.Thread(target=keep_sealing) for _ in range(2)]
    threads = [threading.Thread(target=write, args=(name,)) for name in range(writers)]
    for thread in [*sealers, *threads]:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    for thread in sealers:
        thread.join()
    sealing.seal(at=clock.now())
    assert AuditSeal.objects.count() == writers * each
    assert faults(clock.now()) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_serving_role_adds_but_neither_changes_nor_deletes(auditor: Actor, data_dir: Path) -> None:
    acts(auditor, 1, clock.now())
    sealing.seal(at=clock.now())
    call_command("serving_role", "tests_serving")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE tests_serving")
        acts(auditor, 1, clock.now())
        assert sealing.seal(at=clock.now()) == 1
        for rows in (AuditEntry.objects.all(), AuditSeal.objects.all()):
            with pytest.raises(Exception, match="permission denied"):
                rows._raw_delete("default")
        for change in ({"user_name": "别人"}, {"reason": ""}):
            with pytest.raises(Exception, match="permission denied"):
                AuditEntry.objects.update(**change)
        with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("TRUNCATE office_auditentry CASCADE")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP OWNED BY tests_serving")
            cursor.execute("DROP ROLE tests_serving")
    assert AuditEntry.objects.count() == 2


def test_the_grants_can_be_read_before_they_are_given(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("serving_role", "portal_web", only_print=True)
    said = capsys.readouterr().out
    assert (
        'REVOKE UPDATE, DELETE, TRUNCATE ON "office_auditentry", "office_auditseal" FROM portal_web' in said
    )
    with pytest.raises(CommandError, match="small letters"):
        call_command("serving_role", "x; DROP TABLE y")
