"""The register by workbook: a file is stored by its content, checked by a job, shown, and written by a job.

Reading the file is the edges' work (`registry.excel`): they hand in its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.urls import reverse

from accounts.actors import Actor
from core.canonical import digest
from core.http import said, shown_all
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T, Text
from core.workbook.tables import Lines
from office.models import ImportState, Job, StoredFile
from office.services import audit, files, importing, jobs
from office.services.jobs import Run
from office.services.retrying import retried
from registry.models import RegisterImport
from registry.permissions import may_import
from registry.rules.bulk import MOST_SHOWN, SHEETS, Plan
from registry.services import bulk_carriers, bulk_past, bulk_stays

CHECK = "registry.tasks.check_register_file"
APPLY = "registry.tasks.apply_register_file"
BOOK = "registry.tasks.make_register_book"
Read = Callable[[RegisterImport], Lines]
Mark = Callable[[RegisterImport, Sequence[Problem]], bytes]


class Subject(Protocol):
    """What a kind of sheet does: look, look under lock, write."""

    def look(self, *, actor: Actor, read: Lines, at: datetime) -> Plan[Any]: ...
    def hold(self, *, actor: Actor, read: Lines, at: datetime) -> tuple[Plan[Any], Any]: ...
    def write(
        self, *, actor: Actor, found: Any, held: Any, at: datetime, told: Mapping[str, Any]
    ) -> None: ...


SUBJECTS: Mapping[str, Subject] = {"carriers": bulk_carriers, "stays": bulk_stays, "past": bulk_past}


def refuse_others(actor: Actor, sheet: str) -> None:
    if not may_import(actor, sheet):
        raise Refused(Problem("import.role", T("您的身份不能成批登记。")))


@retried
def upload(*, actor: Actor, sheet: str, content: bytes, name: str, at: datetime) -> RegisterImport:
    """Keeps the file and begins its check. What of this sheet still waits for the same person is dropped."""
    refuse_others(actor, sheet)
    if sheet not in SUBJECTS:
        raise Refused(Problem("import.sheet", T("请选择要导入的内容。"), field="sheet", found=sheet[:20]))
    with transaction.atomic():
        file = files.receive(content=content, name=name, content_type=files.XLSX, actor=actor, at=at)
        waiting = [ImportState.WAITING, ImportState.CHECKED]
        RegisterImport.objects.visible_to(actor).filter(sheet=sheet, state__in=waiting).update(
            state=ImportState.DROPPED
        )
        found = RegisterImport.objects.create(
            sheet=sheet, file=file, received_at=at, by=actor.user, appointment=actor.appointment
        )
        found.job = _begin(actor, found, CHECK, T("检查登记表“{name}”", name=name[:80]), at)
        found.save(update_fields=["job"])
    return found


def _begin(actor: Actor, found: RegisterImport, handler: str, title: Text, at: datetime) -> Any:
    return importing.begin(
        actor=actor,
        found=found,
        handler=handler,
        title=title,
        at=at,
        link=reverse("registry:import", args=[found.pk]),
        lane=f"register-import:{found.sheet}:{actor.user_id}",
    )


def import_of(run: Run) -> RegisterImport:
    """The import that a job is about, as the one may see it who asked."""
    rows = RegisterImport.objects.visible_to(run.actor).select_related("file")
    found: RegisterImport = rows.get(pk=run.job.arguments["import_id"])
    return found


def report_of(found: Plan[Any]) -> dict[str, Any]:
    return {"outcome": found.outcome, "counts": found.counts, "problems": shown_all(found.grouped)}


def changes_of(found: Plan[Any]) -> dict[str, Any]:
    """The preview; its digest stands for all rows."""

    def rows(some: Sequence[Any]) -> list[dict[str, Any]]:
        return [
            {"key": row.code, "name": row.name, "cells": [asdict(cell) for cell in row.cells]} for row in some
        ]

    new, changed = rows(found.new), rows(found.changed)
    told = {"new": new, "changed": changed, "bad": sorted(found.bad)}
    return {"new": new[:MOST_SHOWN], "changed": changed[:MOST_SHOWN], "digest": digest(told)}


def check(*, run: Run, found: RegisterImport, read: Read, mark: Mark, at: datetime) -> None:
    """The first job: reads, checks everything, writes report, preview and marked file, changes nothing of
    the register."""
    plan: Plan[Any] | None = None
    try:
        plan = SUBJECTS[found.sheet].look(actor=run.actor, read=read(found), at=at)
        problems, report, changes = plan.problems, report_of(plan), changes_of(plan)
    except Refused as refused:
        problems, changes = list(refused.problems), {}
        report = {"outcome": "refused", "counts": {}, "problems": shown_all(problems)}
    # Where nothing is new or changed there is nothing to confirm.
    waits = plan is not None and bool(plan.new or plan.changed)
    state = ImportState.CHECKED if waits else ImportState.DROPPED
    marked = mark(found, problems) if problems else b""
    with transaction.atomic():
        kept = _kept_marked(run.actor, found, marked, at) if marked else None
        RegisterImport.objects.filter(pk=found.pk, state=ImportState.WAITING).update(
            report=report, changes=changes, state=state, marked=kept
        )
        outcome = {"outcome": report["outcome"], **report["counts"]}
        run.finish(outcome=outcome, awaits_owner=waits)


def _kept_marked(actor: Actor, found: RegisterImport, content: bytes, at: datetime) -> StoredFile:
    stem = found.file.name.rpartition(".")[0] or found.file.name
    name = str(T("{name}_标注.xlsx", name=stem))
    return files.store(content=content, name=name, content_type=files.XLSX, actor=actor, at=at)


@retried
def confirm(*, actor: Actor, import_id: int, at: datetime) -> RegisterImport:
    """The preview was seen: begins the writing."""
    with transaction.atomic():
        found = locked(RegisterImport.objects.visible_to(actor), pk=import_id)
        refuse_others(actor, found.sheet)
        importing.refuse_ended(found, writer=APPLY)
        found.decisions = {"confirmed_at": at.isoformat()}
        importing.attended(found)
        found.job = _begin(actor, found, APPLY, T("写入登记表“{name}”", name=found.file.name[:80]), at)
        found.save(update_fields=["decisions", "job"])
    return found


@retried
def drop(*, actor: Actor, import_id: int) -> RegisterImport:
    """The file is not wanted after all; the register stays as it is."""
    with transaction.atomic():
        found = locked(RegisterImport.objects.visible_to(actor), pk=import_id)
        importing.drop(found)
    return found


def apply(*, run: Run, found: RegisterImport, read: Read) -> None:
    """The second job: the same reading against the register as it is now, all of it or nothing.

    When the register has changed since the preview, the preview is made anew and nothing is written.
    """
    refuse_others(run.actor, found.sheet)
    at = datetime.fromisoformat(found.decisions["confirmed_at"])
    lines = read(found)
    with transaction.atomic():
        run.progress(0, len(lines.lines))
        row = locked(RegisterImport.objects.all(), pk=found.pk)
        if row.state != ImportState.CHECKED:
            return run.finish(outcome={"outcome": "nothing"})
        plan, held = SUBJECTS[found.sheet].hold(actor=run.actor, read=lines, at=at)
        changes = changes_of(plan)
        RegisterImport.objects.filter(pk=found.pk).update(report=report_of(plan), changes=changes)
        if changes != found.changes:
            RegisterImport.objects.filter(pk=found.pk).update(decisions={})
            return run.finish(outcome={"outcome": "preview_changed"}, awaits_owner=True)
        told = {"file": found.file.name, "sha256": found.file.sha256}
        SUBJECTS[found.sheet].write(actor=run.actor, found=plan, held=held, at=at, told=told)
        RegisterImport.objects.filter(pk=found.pk).update(state=ImportState.APPLIED, applied_at=at)
        detail = {**told, "sheet": found.sheet, **plan.counts}
        audit.record(actor=run.actor, action="register.import", on=row, at=at, detail=detail)
        return run.finish(outcome={"outcome": plan.outcome, **plan.counts})


@retried
def import_now(
    *, actor: Actor, sheet: str, lines: Lines, told: Mapping[str, Any], at: datetime, dry_run: bool
) -> dict[str, Any]:
    """A file by command: the same checks and writing in one go, and what was found. A dry run writes nothing
    at all."""
    if dry_run:
        return {**report_of(SUBJECTS[sheet].look(actor=actor, read=lines, at=at)), "applied": False}
    with transaction.atomic():
        plan, held = SUBJECTS[sheet].hold(actor=actor, read=lines, at=at)
        SUBJECTS[sheet].write(actor=actor, found=plan, held=held, at=at, told=told)
        detail = {**told, "sheet": sheet, **plan.counts}
        key = told["sha256"][:40]
        audit.record(actor=actor, action="register.import", on="registry.file", key=key, at=at, detail=detail)
    return {**report_of(plan), "applied": True}


@transaction.atomic
def make_book(*, actor: Actor, sheet: str, at: datetime) -> Job:
    """A job that writes the register of one's scope as a workbook that can be mended and handed in again."""
    refuse_others(actor, sheet)
    job = jobs.begin(
        actor=actor,
        handler=BOOK,
        title=said(T("制作登记表：{sheet}", sheet=SHEETS[sheet])),
        arguments={"sheet": sheet},
        at=at,
        lane=f"register-book:{actor.user_id}",
    )
    audit.record(actor=actor, action="register.export", on=job, at=at, detail={"sheet": sheet})
    return job
