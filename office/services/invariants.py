"""What must hold whatever died, was restored or was tampered with. Says every place where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q

from core.text import T, Text
from office.models import ENDED, Job, JobState, StoredFile
from office.services import files, sealing


def faults(*, at: datetime) -> Iterator[Text]:
    """Nothing when all is well."""
    yield from file_faults()
    yield from job_faults()
    yield from sealing.verify(at=at, heads=sealing.told_heads(sealing.heads_file()))


def file_faults() -> Iterator[Text]:
    """Every row has its file, and the file is what was handed in."""
    checked: set[str] = set()
    for file in StoredFile.objects.order_by("sha256").iterator(chunk_size=500):
        if file.sha256 in checked:
            continue
        checked.add(file.sha256)
        if not files.is_whole(file):
            yield T("文件 {id}（{name}）缺失，或与其摘要不符。", id=file.pk, name=file.name)


def job_faults() -> Iterator[Text]:
    """Each state goes with its stamps, no job was tried more often than allowed."""
    wrong = Job.objects.filter(
        Q(state__in=ENDED, ended_at=None)
        | Q(~Q(state__in=ENDED), ended_at__isnull=False)
        | Q(state=JobState.RUNNING, lease_until=None)
        | Q(~Q(state=JobState.RUNNING), lease_until__isnull=False)
        | Q(lease_token__lt=F("attempts"))
    )
    for job in wrong.order_by("pk"):
        yield T("任务 {id} 的状态 {state} 与其时间、租约不符。", id=job.pk, state=job.state)
