"""What overseers, keepers and guards find at home; the others find nothing of this room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.roles import Role
from office.models import Job, JobState, OutboxMessage, OutboxState
from office.services import audit, upkeep
from office.services.workdays import set_day
from office.slots import home_for, tasks_for

pytestmark = pytest.mark.django_db
Cast = Callable[..., Actor]
HERE = frozenset({Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR})


@pytest.fixture(autouse=True)
def no_worker() -> None:
    cache.delete(upkeep.HEARTBEAT)


@pytest.fixture
def guard(cast: Cast) -> Actor:
    return cast("安全", Role.SECURITY_ADMINISTRATOR)


def page_of(actor: Actor) -> str:
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/home/")
    assert answer.status_code == 200
    return answer.content.decode()


def acted(actor: Actor, action: str, at: datetime, **fields: Any) -> None:
    with transaction.atomic():
        audit.record(actor=actor, action=action, on="funding.allocation", at=at, key="7", **fields)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_its_own_parts_or_none(cast: Cast, role: Role, data_dir: Path) -> None:
    found = home_for(cast("某人", role))
    assert bool(found) is (role in HERE)


def test_the_auditor_sees_sensitive_acts_of_thirty_days_by_kind(
    auditor: Actor, staff: Actor, data_dir: Path, at: Any
) -> None:
    now = at(2026, 3, 18, 9, 0)
    acted(staff, "allocation.confirm", now - timedelta(days=2), reason="审核无误")
    acted(staff, "allocation.confirm", now - timedelta(days=40))
    acted(staff, "return.submit", now)
    acted(staff, "session.refuse", now)
    part = home_for(auditor)[0].context
    counted = {str(title): (count, url) for title, count, url in part["kinds"]}  # type: ignore[attr-defined]
    assert counted["资金"] == (1, "/office/audit/?kind=money&since=2026-02-16")
    assert counted["登录未成功"][0] == 1
    assert counted["发布与公示"][0] == 0
    assert [entry.action for entry, _kind in part["entries"]] == ["allocation.confirm"]  # type: ignore[attr-defined]
    page = page_of(auditor)
    for words in ("近期敏感操作", "核定奖补", "审核无误", "还没有核验过", "开始核验"):
        assert words in page


def test_the_keeper_sees_what_stands_still_and_mends_it_there(
    admin: Actor, staff: Actor, data_dir: Path, now: datetime
) -> None:
    failed = Job.objects.create(
        handler="x",
        title="导入名单",
        owner=staff.user,
        created_at=now,
        state=JobState.FAILED,
        ended_at=now,
        failure="第一处不对。",
    )
    waits = now - timedelta(minutes=3)
    Job.objects.create(handler="x", title="导出名单", owner=staff.user, created_at=waits)
    message = OutboxMessage.objects.create(
        channel="mail", address="a@example.org", body="", created_at=now, state=OutboxState.FAILED
    )
    page = page_of(admin)
    for words in ("第一处不对。", "没有应答", "处理程序没有应答。任务已保存", "a@example.org", "没有找到"):
        assert words in page
    client = Client()
    assert admin.user is not None
    client.force_login(admin.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/office/jobs/{failed.pk}/retry/", {"next": "/home/"})
    assert answer["Location"] == "/home/"
    answer = client.post(f"/office/outbox/{message.pk}/again/", {"next": "https://elsewhere.example/"})
    assert answer["Location"] == "/office/outbox/"
    failed.refresh_from_db()
    assert failed.state == JobState.WAITING


def test_the_newest_backup_and_its_age(data_dir: Path, at: Any) -> None:
    import os

    now = at(2026, 3, 18, 9, 0)
    assert upkeep.newest_backup() is None
    (data_dir / "backups").mkdir()
    for day, name in ((10, "portal-20260310-030000.tar"), (15, "portal-20260315-030000.tar")):
        path = data_dir / "backups" / name
        path.write_bytes(b"x" * day)
        stamp = now.replace(day=day).timestamp()
        os.utime(path, (stamp, stamp))
    found = upkeep.newest_backup()
    assert found is not None
    assert (found.name, found.size) == ("portal-20260315-030000.tar", 15)
    assert found.is_stale(now)
    assert not found.is_stale(now.replace(day=16))


def test_next_years_notice_is_missed_from_november_on(admin: Actor, at: Any) -> None:
    def asked() -> list[str]:
        return [str(task.title) for task in tasks_for(admin)]

    at(2098, 10, 31, 9, 0)
    assert asked() == []
    now = at(2098, 11, 2, 9, 0)
    assert asked() == ["登记明年的节假日安排"]
    set_day(actor=admin, day=date(2099, 2, 1), is_working=True, note="示办发〔2098〕9号", at=now)
    assert asked() == []


def test_the_guard_sees_terms_that_end_and_carriers_of_one_person(
    guard: Actor, staff: Actor, data_dir: Path, today: date
) -> None:
    assert staff.user is not None
    Appointment.objects.filter(user=staff.user).update(valid_to=today + timedelta(days=30))
    page = page_of(guard)
    assert staff.user.name in page
    assert (today + timedelta(days=30)).isoformat() in page
    head = home_for(guard)[0].context
    assert (head["ending"], head["alone"]) == (1, 1)
    Appointment.objects.filter(user=staff.user).update(valid_to=today + timedelta(days=31))
    assert home_for(guard)[0].context["ending"] == 0


@pytest.mark.parametrize("role", sorted(HERE))
def test_a_home_asks_as_often_for_much_as_for_little(
    cast: Cast, role: Role, data_dir: Path, now: datetime
) -> None:
    actor, counts = cast("某人", role), []
    for start, end in ((0, 1), (1, 60)):
        for number in range(start, end):
            other = cast(f"人{number}")
            acted(other, "allocation.confirm", now)
            Job.objects.create(
                handler="x", title="x", owner=other.user, created_at=now, state="failed", ended_at=now
            )
            OutboxMessage.objects.create(channel="mail", address="a", body="", created_at=now, state="failed")
        with CaptureQueriesContext(connection) as queries:
            page_of(actor)
        counts.append(len(queries))
    assert counts[0] == counts[1]
