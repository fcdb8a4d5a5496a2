"""A job in words: how far, how long, what it means, and one thing to do next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from accounts.actors import Actor
from office.models import Job, JobState, StoredFile
from office.services import upkeep
from office.services.running import progress_key
from office.services.standing import length, of_failure, standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker() -> None:
    cache.delete(upkeep.HEARTBEAT)


def a_job(actor: Actor, at: datetime, **fields: Any) -> Job:
    return Job.objects.create(handler="x", title="导入名单", owner=actor.user, created_at=at, **fields)


def running(actor: Actor, at: datetime, **fields: Any) -> Job:
    lease = {"lease_until": at + timedelta(minutes=2), "lease_token": 1, "started_at": at}
    return a_job(actor, at, state=JobState.RUNNING, **{**lease, **fields})


def test_how_far_in_counts(staff: Actor, now: datetime) -> None:
    job = running(staff, now)
    cache.set(progress_key(job), {"done": 1371, "total": 2145, "words": "行"}, 60)
    told = standing(job, at=now + timedelta(seconds=65))
    assert str(told.far) == "已处理 1,371 / 2,145 行"
    assert (told.share, str(told.took)) == (63, "用时 1 分 5 秒")
    assert told.step is None
    cache.delete(progress_key(job))
    assert standing(job, at=now).share is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 秒"), (59, "59 秒"), (60, "1 分 0 秒"), (7_440, "2 小时 4 分"), (266_400, "3 天 2 小时")],
)
def test_length_of_time(seconds: int, words: str) -> None:
    assert str(length(timedelta(seconds=seconds))) == words


def test_a_worker_that_does_not_answer_is_said_after_a_minute(staff: Actor, now: datetime) -> None:
    job = a_job(staff, now)
    assert standing(job, at=now + timedelta(seconds=60)).tone == "muted"
    late = standing(job, at=now + timedelta(seconds=61))
    assert (late.tone, "没有应答" in str(late.note)) == ("bad", True)
    a_job(staff, now - timedelta(minutes=5))
    cache.set(upkeep.HEARTBEAT, now.isoformat(), 60)
    queued = standing(job, at=now + timedelta(seconds=61))
    assert (queued.tone, str(queued.note)) == ("warn", "前面还有 1 项任务，轮到时自动开始。")


def test_a_lost_worker_and_a_cancelling_are_said(staff: Actor, now: datetime) -> None:
    lost = running(staff, now, lease_until=now - timedelta(seconds=1))
    assert "中断" in str(standing(lost, at=now).note)
    stopping = running(staff, now, cancel_asked_at=now)
    assert "取消" in str(standing(stopping, at=now).note)


def test_one_next_step_for_each_end(staff: Actor, now: datetime) -> None:
    file = StoredFile.objects.create(
        sha256="a" * 64, size=1, name="x.xlsx", content_type="x", owner=staff.user, received_at=now
    )

    def step(state: JobState, *, may_download: bool = False, **fields: Any) -> tuple[str, str] | None:
        job = a_job(staff, now, state=state, ended_at=now, **fields)
        found = standing(job, at=now, may_download=may_download).step
        return (str(found.text), found.url.replace(str(job.pk), "ID")) if found else None

    retry = ("重试", "/office/jobs/ID/retry/")
    bad = {"problems": [{"code": "a"}]}
    assert step(JobState.DONE) is None
    assert step(JobState.DONE, link="/returns/1/") == ("查看结果", "/returns/1/")
    assert step(JobState.DONE, link="/p/", awaits_owner=True) == ("去确认", "/p/")
    made = step(JobState.DONE, result=file, link="/p/", may_download=True)
    assert made == ("下载结果", "/office/jobs/ID/result/")
    assert step(JobState.FAILED) == retry
    assert step(JobState.CANCELLED, link="/p/") == retry
    assert step(JobState.FAILED, link="/p/", outcome=bad) == ("修改文件后再传", "/p/")


def test_what_was_kept_and_what_to_do(staff: Actor, now: datetime) -> None:
    plain = a_job(staff, now, state=JobState.FAILED, ended_at=now)
    assert str(of_failure(plain)).startswith("没有写入任何数据。可以重试。")
    file = StoredFile.objects.create(
        sha256="a" * 64, size=1, name="x.xlsx", content_type="x", owner=staff.user, received_at=now
    )
    bad = {"problems": [{"code": "a"}]}
    faulty = a_job(staff, now, state=JobState.FAILED, ended_at=now, source=file, outcome=bad)
    assert (
        str(of_failure(faulty))
        == "没有写入任何数据；上传的文件“x.xlsx”还在。按下面的位置逐处改好，再传一次。"
    )
