"""Nothing grows without end, and what the law wants kept is kept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.actors import VISITOR, Actor
from core.problems import Refused
from core.text import T
from office.models import IdempotentRequest, Job, JobState, OutboxMessage, OutboxState, PeriodRun
from office.queries import workdays
from office.services import access, cleaning, notices, periods
from office.services.workdays import set_day
from office.slots import tasks_for

pytestmark = pytest.mark.django_db


def test_who_looked_at_personal_data_stands_outside_the_database(
    data_dir: Path, staff: Actor, at: Any
) -> None:
    evening = at(2026, 3, 18, 23, 30)
    access.seen(actor=staff, what="tenants", key="FH-0001", at=evening, address="127.0.0.1")
    access.seen(actor=staff, what="tenants", key="FH-0002", at=evening + timedelta(hours=1))
    first = json.loads((data_dir / "access" / "2026-03-18.log").read_text())
    assert (first["user"], first["name"], first["what"], first["key"]) == (
        staff.user_id,
        "柳青",
        "tenants",
        "FH-0001",
    )
    assert (data_dir / "access" / "2026-03-19.log").stat().st_mode & 0o777 == 0o600


def test_access_is_kept_at_least_180_days(data_dir: Path, staff: Actor, at: Any) -> None:
    today = at(2026, 11, 24, 9, 0)
    for days in (0, 180, 200, 201, 400):
        access.seen(actor=staff, what="x", key="y", at=today - timedelta(days=days))
    assert access.clear(at=today) == 2
    assert len(list((data_dir / "access").iterdir())) == 3


def test_what_has_had_its_time_goes_and_the_rest_stays(data_dir: Path, staff: Actor, now: datetime) -> None:
    for age in (1, 3, 500):
        then = now - timedelta(days=age)
        periods.once(task="sweep", period=periods.slot(then, 30), at=then)
        periods.once(task="yearly", period=str(age), at=then)
        IdempotentRequest.objects.create(
            user=staff.user, key=str(age), fingerprint="", created_at=then - timedelta(5)
        )
        fields = {"channel": "mail", "address": "a@example.org", "body": "", "created_at": then}
        OutboxMessage.objects.create(**fields, state=OutboxState.SENT, sent_at=then)
        OutboxMessage.objects.create(**fields, state=OutboxState.FAILED)
    cleaning.clear(at=now)
    assert set(PeriodRun.objects.values_list("task", "period")) == {
        ("sweep", periods.slot(now - timedelta(days=1), 30)),
        ("yearly", "1"),
        ("yearly", "3"),
    }
    assert list(IdempotentRequest.objects.values_list("key", flat=True)) == ["1"]
    assert OutboxMessage.objects.filter(state=OutboxState.FAILED).count() == 3
    assert OutboxMessage.objects.filter(state=OutboxState.SENT).count() == 2


def test_days_are_set_with_their_basis_by_those_who_may(admin: Actor, staff: Actor, now: datetime) -> None:
    day = now.date() + timedelta(days=400)
    with pytest.raises(Refused, match="不能调整工作日"):
        set_day(actor=staff, day=day, is_working=True, note="通知", at=now)
    with pytest.raises(Refused, match="请填写依据"):
        set_day(actor=admin, day=day, is_working=True, note=" ", at=now)
    for is_working in (True, False):
        set_day(actor=admin, day=day, is_working=is_working, note="示办发〔2027〕1号", at=now)
        assert workdays().is_working_day(day) is is_working


def a_job(actor: Actor, at: datetime, **fields: Any) -> Job:
    return Job.objects.create(handler="x", title="导入名单", owner=actor.user, created_at=at, **fields)


def test_everyone_is_told_what_waits_for_them(staff: Actor, admin: Actor, at: Any) -> None:
    now = at(2026, 3, 18, 9, 0)
    failed = a_job(staff, now, state=JobState.FAILED, ended_at=now, failure="第一处不对。\n第二处不对。")
    a_job(staff, now, state=JobState.DONE, ended_at=now, awaits_owner=True, link="/returns/1/preview/")
    a_job(staff, now, state=JobState.DONE, ended_at=now)
    notices.notify(people=[staff.user], sentence=T("已受理"), at=now)
    OutboxMessage.objects.create(
        channel="mail", address="a@example.org", body="", created_at=now, state=OutboxState.FAILED
    )
    mine = [(str(task.title), str(task.why), task.url) for task in tasks_for(staff)]
    assert mine == [
        ("导入名单", "处理完毕，确认后才会写入。", "/returns/1/preview/"),
        ("导入名单", "第一处不对。", f"/office/jobs/{failed.pk}/"),
        ("1 条未读消息", "办理进展和结果会在这里告知。", "/office/notices/"),
    ]
    assert [str(task.title) for task in tasks_for(admin)] == ["1 项任务未成功", "1 条消息未发出"]
    assert tasks_for(VISITOR) == []
