"""How a job stands, in words: how far, how long, what it means, the one thing to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from core import formats
from core.text import T, Text
from core.ui import Action
from office.models import Job, JobState
from office.services import jobs, upkeep

PATIENCE = timedelta(minutes=1)  # a job that waits longer than this is asked about
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Standing:
    """`share` in percent, None when unknown; `note` says what is not as usual, `tone` its colour."""

    far: Text | str
    share: int | None
    took: Text | str
    note: Text | str = ""
    tone: str = "muted"
    step: Action | None = None


def standing(job: Job, *, at: datetime, may_download: bool = False, listed: bool = False) -> Standing:
    """For the strip, the page, and a row where jobs are `listed`. Asks the cache; the database only for one
    job alone that waits for long."""
    progress = {} if job.state == JobState.DONE else jobs.progress_of(job)
    note, tone = _note(job, at, listed)
    return Standing(
        far=_far(job, progress),
        share=_share(progress) if job.state == JobState.RUNNING else None,
        took=_took(job, at),
        note=note,
        tone=tone,
        step=_step(job, may_download=may_download),
    )


def _far(job: Job, progress: Mapping[str, Any]) -> Text | str:
    """已处理 1,371 / 2,145 and what is counted, as the handler tells it."""
    done, total = progress.get("done"), progress.get("total")
    if job.state == JobState.DONE and isinstance(count := job.outcome.get("count"), int):
        return T("共处理 {n} 条", n=formats.number(count))
    if not total:
        return progress.get("words", "") if not job.has_ended else ""
    said = {"done": formats.number(done), "total": formats.number(total), "words": progress.get("words", "")}
    if job.state in (JobState.FAILED, JobState.CANCELLED):
        return T("停在 {done} / {total} {words}", **said)
    return T("已处理 {done} / {total} {words}", **said) if not job.has_ended else ""


def _share(progress: Mapping[str, Any]) -> int | None:
    total = progress.get("total") or 0
    return min(100, progress.get("done", 0) * 100 // total) if total else None


def length(span: timedelta) -> Text:
    """12 秒, 3 分 5 秒, 2 小时 4 分, 3 天 2 小时."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < MINUTE:
        return T("{n} 秒", n=seconds)
    if seconds < HOUR:
        return T("{m} 分 {s} 秒", m=seconds // MINUTE, s=seconds % MINUTE)
    if seconds < 24 * HOUR:
        return T("{h} 小时 {m} 分", h=seconds // HOUR, m=seconds % HOUR // MINUTE)
    return T("{d} 天 {h} 小时", d=seconds // (24 * HOUR), h=seconds % (24 * HOUR) // HOUR)


def _took(job: Job, at: datetime) -> Text | str:
    if job.state == JobState.WAITING:
        return T("已等 {length}", length=length(at - job.created_at))
    if job.started_at is None:
        return ""
    return T("用时 {length}", length=length((job.ended_at or at) - job.started_at))


def _note(job: Job, at: datetime, listed: bool) -> tuple[Text | str, str]:
    if job.has_ended:
        return "", "muted"
    if job.cancel_asked_at:
        return T("已请求取消，到下一步就停下，不写入任何数据。"), "muted"
    if job.state == JobState.RUNNING and job.lease_until and job.lease_until < at:
        return T("处理程序中断了，会自动从头再来，已写入的不会重复。"), "warn"
    if job.state == JobState.WAITING and at - job.created_at > PATIENCE:
        return _waits_long(job, listed)
    return T("可以离开本页，办完会留在“任务”里。"), "muted"


def _waits_long(job: Job, listed: bool) -> tuple[Text, str]:
    if upkeep.worker_seen() is None:
        return T("处理程序没有应答。任务已保存，恢复后自动开始；请告诉系统管理员。"), "bad"
    if listed:
        return T("还在排队，轮到时自动开始。"), "warn"
    before = Job.objects.filter(
        state__in=(JobState.WAITING, JobState.RUNNING), created_at__lt=job.created_at
    ).count()
    return T("前面还有 {n} 项任务，轮到时自动开始。", n=before), "warn"


def _step(job: Job, *, may_download: bool) -> Action | None:
    """The one thing to do when it has ended."""
    if job.state == JobState.DONE:
        return _after_success(job, may_download=may_download)
    if job.state == JobState.FAILED and job.outcome.get("problems") and job.link:
        return Action(T("修改文件后再传"), job.link, "file-pen-line", "primary")
    if job.state in (JobState.FAILED, JobState.CANCELLED):
        return Action(T("重试"), reverse("office:job_retry", args=[job.pk]), "rotate-ccw", "primary", "post")
    return None


def _after_success(job: Job, *, may_download: bool) -> Action | None:
    if job.awaits_owner:
        return Action(T("去确认"), job.link or reverse("office:jobs"), "file-check", "primary")
    if job.result_id and may_download:
        return Action(T("下载结果"), reverse("office:job_result", args=[job.pk]), "download", "primary")
    return Action(T("查看结果"), job.link, "arrow-right", "primary") if job.link else None


def of_failure(job: Job) -> Text:
    """What was kept, and what to do; of a job that failed."""
    kept = T("没有写入任何数据。")
    if job.source_id:
        kept = T("没有写入任何数据；上传的文件“{name}”还在。", name=job.source.name if job.source else "")
    to_do = T("可以重试。再不成功，请把任务编号告诉系统管理员。")
    if job.outcome.get("problems"):
        to_do = T("按下面的位置逐处改好，再传一次。")
    return T("{kept}{to_do}", kept=kept, to_do=to_do)
