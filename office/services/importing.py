"""Files that are read by a job, shown, then applied by another job or dropped: what all of them share."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from accounts.actors import Actor
from core.http import said
from core.problems import Problem, Refused
from core.text import T, Text
from core.workbook.gate import MB, Limits
from office.models import FileImport, ImportState, Job
from office.services import jobs


def taken(file: UploadedFile[bytes] | None) -> tuple[bytes, str]:
    """The bytes and the name of an upload. `Refused` when there is none, or when it is too large, before it
    is read."""
    limit = Limits().file
    if file is None:
        raise Refused(Problem("file.none", T("请先选择要上传的工作簿。"), field="file"))
    if (file.size or 0) > limit:
        words = T("文件超过 {n} MB，没有读取。", n=limit // MB)
        found = f"{(file.size or 0) / MB:.1f} MB"
        fix = T("请删去图片和多余的工作表后再传。")
        raise Refused(Problem("workbook.size", words, field="file", found=found, fix=fix))
    return file.read(), printable(file.name or "")


def printable(name: str) -> str:
    """A file's name without what no page can show."""
    return "".join(sign for sign in name if sign.isprintable()) or "workbook.xlsx"


def begin(
    *, actor: Actor, found: FileImport, handler: str, title: Text, link: str, lane: str, at: datetime
) -> Job:
    """The job that reads or writes a file; `handler` finds the import by `import_id`."""
    return jobs.begin(
        actor=actor,
        handler=handler,
        title=said(title),
        at=at,
        arguments={"import_id": found.pk},
        source=found.file,
        link=link,
        lane=lane,
    )


def refuse_ended(found: FileImport, *, writer: str) -> None:
    """Only what was checked and waits can be confirmed, and once; `writer` is the handler that writes."""
    if found.state == ImportState.APPLIED:
        raise Refused(Problem("import.applied", T("这份文件已经写入，不必重复确认。")))
    if found.state != ImportState.CHECKED:
        raise Refused(Problem("import.not_checked", T("这份文件尚未检查完，或已不再使用；请重新上传。")))
    if is_writing(found, writer=writer):
        raise Refused(Problem("import.running", T("正在写入，请稍候。")))


def is_writing(found: FileImport, *, writer: str) -> bool:
    return found.job is not None and found.job.handler == writer and not found.job.has_ended


def drop(found: FileImport) -> None:
    """The locked row's file is not wanted after all; in the caller's transaction."""
    if found.state == ImportState.APPLIED:
        raise Refused(Problem("import.applied", T("这份文件已经写入，不能再放弃。")))
    found.state = ImportState.DROPPED
    found.save(update_fields=["state"])
    attended(found)


def attended(found: FileImport) -> None:
    if found.job is not None:
        jobs.attended(job=found.job)
