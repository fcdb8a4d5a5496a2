"""A carrier's workbook comes in: stored by its content, checked by a job, shown, applied by a job or dropped.

Reading the file is the edges' work (`reporting.excel`): they hand in a `Reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from core.http import said, shown_all
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T, Text
from office.models import ImportState, StoredFile
from office.services import audit, files, importing
from office.services.jobs import Run
from office.services.retrying import retried
from reporting import links, queries
from reporting.models import Return, WorkbookImport
from reporting.permissions import may_fill, refuse
from reporting.queries import Opened
from reporting.rules.assess import Assessed, Draft, assess
from reporting.rules.pasting import Paste, check_paste
from reporting.rules.reading import Reading
from reporting.rules.tokens import Meta
from reporting.services.drafts import draft_to_change, locked_problem
from reporting.services.writing import write

CHECK = "reporting.tasks.check_workbook"
APPLY = "reporting.tasks.apply_workbook"
MOST_SHOWN = 200
PASTED = "text/tab-separated-values"
NOTHING: Mapping[str, bool] = {}


@retried
def upload(*, actor: Actor, return_id: int, content: bytes, name: str, at: datetime) -> WorkbookImport:
    """Keeps the file and begins its check; `at` is the receipt, which decides about the deadline.

    What is still being checked or waits to be confirmed for this return is dropped: one file at a time.
    """
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at)
        name = importing.printable(name)
        file = files.receive(content=content, name=name, content_type=files.XLSX, actor=actor, at=at)
        return _await(actor, opened, file, {}, T("检查上传的报表“{name}”", name=name[:80]), at)


@retried
def paste(*, actor: Actor, return_id: int, text: str, decided: Paste, at: datetime) -> WorkbookImport:
    """Keeps a pasted table as it was pasted, and what was decided about its columns; from here on it is an
    upload like any other. Raises `Refused` as `upload` does, and when the columns cannot be told apart."""
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at)
        table = opened.form.table(decided.table)
        if problems := check_paste(table, decided):
            raise Refused(problems)
        name = said(T("粘贴的{table}.txt", table=table.title))
        content = text.encode("utf-8", "replace")
        file = files.receive(content=content, name=name, content_type=PASTED, actor=actor, at=at)
        title = T("检查粘贴的{table}", table=table.title)
        return _await(actor, opened, file, {"pasted": decided.kept()}, title, at)


def _await(
    actor: Actor, opened: Opened, file: StoredFile, decisions: dict[str, Any], title: Text, at: datetime
) -> WorkbookImport:
    """The import with its job; of one return only one file is looked at at a time."""
    waiting = WorkbookImport.objects.filter(
        return_of=opened.of, state__in=[ImportState.WAITING, ImportState.CHECKED]
    )
    waiting.update(state=ImportState.DROPPED)
    found = WorkbookImport.objects.create(
        return_of=opened.of, file=file, decisions=decisions, received_at=at, by=actor.user
    )
    found.job = _begin(actor, found, CHECK, title, at)
    found.save(update_fields=["job"])
    return found


def _begin(actor: Actor, found: WorkbookImport, handler: str, title: Text, at: datetime) -> Any:
    return importing.begin(
        actor=actor,
        found=found,
        handler=handler,
        title=title,
        at=at,
        link=links.import_page(found.pk),
        lane=f"return-import:{found.return_of_id}",
    )


def import_of(run: Run) -> WorkbookImport:
    """The import that a job is about, as the one may see it who asked."""
    found: WorkbookImport = (
        WorkbookImport.objects.visible_to(run.actor)
        .select_related("file", "return_of")
        .get(pk=run.job.arguments["import_id"])
    )
    return found


def opened_of(found: WorkbookImport, *, at: datetime) -> Opened:
    """The return of an import, with its draft."""
    return queries.opened(queries.with_all(Return.objects.all()).get(pk=found.return_of_id), at=at)


def draft_of(opened: Opened) -> Draft:
    """What an upload is compared with."""
    version = opened.version
    return Draft(
        opened.values,
        opened.rows,
        version.explanations,
        opened.last,
        opened.registry,
        opened.year,
        opened.peers,
    )


def belongs(meta: Meta, opened: Opened) -> None:
    """Refuses another carrier's file, another year's, another form's or version's, with every reason."""
    found, campaign = opened.of, opened.of.campaign
    problems = []
    fix = T("请下载本单位、本年度的模板，把数据复制过去再上传。")

    def differs(code: str, message: Text, given: object, wanted: object) -> None:
        if given != wanted:
            problems.append(Problem(code, message, found=str(given), allowed=str(wanted), fix=fix))

    differs("workbook.carrier", T("这是另一家单位的模板，不能上传。"), meta.carrier, found.carrier.code)
    differs("workbook.year", T("这是另一个年度的模板。"), meta.year, campaign.year)
    form = f"{campaign.form.code} v{campaign.form.version}"
    differs("workbook.form", T("模板的表式或版本与本次填报不一致。"), f"{meta.form} v{meta.version}", form)
    if problems:
        raise Refused(problems)


def report_of(opened: Opened, assessed: Assessed, *, applied: bool) -> dict[str, Any]:
    """The contract's JSON."""
    return {
        "carrier": opened.of.carrier.code,
        "year": opened.year,
        "outcome": assessed.outcome,
        "applied": applied,
        "tables": assessed.counts,
        "problems": shown_all(assessed.grouped),
    }


def rejected(carrier: str, year: int | None, problems: tuple[Problem, ...]) -> dict[str, Any]:
    """The same for a file that is wrong as a whole: nothing is changed."""
    return {
        "carrier": carrier,
        "year": year,
        "outcome": "rejected",
        "applied": False,
        "tables": {},
        "problems": shown_all(problems),
    }


def changes_of(opened: Opened, assessed: Assessed) -> dict[str, Any]:
    """The preview: what each field and row would become; at most so many rows of each kind are shown."""
    form = opened.form
    answer: dict[str, Any] = {
        "fields": [
            {"code": code, "title": form.title_of(code), "old": old, "new": new}
            for code, old, new in assessed.fields
        ],
        "tables": {},
    }
    for code, merged in assessed.tables.items():
        table = form.table(code)
        before = {row.key: row for row in opened.rows[code]}
        changed = []
        for row in merged.changed[:MOST_SHOWN]:
            old = before[row.key].values
            cells = [
                {
                    "code": c.code,
                    "title": c.title,
                    "old": old.get(c.code, ""),
                    "new": row.values.get(c.code, ""),
                }
                for c in table.columns
                if old.get(c.code, "") != row.values.get(c.code, "") and c.code != table.key
            ]
            name = row.values.get(table.naming, "")
            changed.append({"key": row.key, "name": name, "cells": cells})
        answer["tables"][code] = {
            "title": table.title,
            "new": [
                {"key": row.key, "name": row.values.get(table.naming, "")} for row in merged.new[:MOST_SHOWN]
            ],
            "changed": changed,
            "left": [
                {"key": key, "name": before[key].values.get(table.naming, "")}
                for key in merged.left[:MOST_SHOWN]
            ],
        }
    return answer


def check(*, run: Run, found: WorkbookImport, read: Callable[[Opened], Reading]) -> None:
    """The first job: reads, checks everything, writes the report, changes nothing of the return."""
    opened = opened_of(found, at=found.received_at)
    try:
        assessed = assess(opened.form, draft_of(opened), read(opened))
        report, changes = report_of(opened, assessed, applied=False), changes_of(opened, assessed)
        state = ImportState.CHECKED
    except Refused as refused:
        report = rejected(opened.of.carrier.code, opened.year, refused.problems)
        changes, state = {}, ImportState.DROPPED
    with transaction.atomic():
        WorkbookImport.objects.filter(pk=found.pk, state=ImportState.WAITING).update(
            report=report, changes=changes, state=state
        )
        outcome = {"outcome": report["outcome"], "tables": report["tables"]}
        run.finish(outcome=outcome, awaits_owner=state == ImportState.CHECKED)


@retried
def confirm(
    *, actor: Actor, import_id: int, at: datetime, leaving: Mapping[str, bool] = NOTHING
) -> WorkbookImport:
    """The preview was seen: begins the writing. `leaving` says of each table whether the rows that are no
    longer in the file leave; a table that is not named keeps them."""
    with transaction.atomic():
        found = locked(WorkbookImport.objects.visible_to(actor), pk=import_id)
        refuse(may_fill(actor, found.return_of))
        importing.refuse_ended(found, writer=APPLY)
        lock = queries.lock(found.return_of, at=at)
        if not lock.open:
            raise Refused(locked_problem(lock))
        found.decisions = {
            **found.decisions,
            "leaving": {table: bool(leaves) for table, leaves in leaving.items()},
            "confirmed_at": at.isoformat(),
        }
        importing.attended(found)
        found.job = _begin(actor, found, APPLY, T("写入上传的报表“{name}”", name=found.file.name[:80]), at)
        found.save(update_fields=["decisions", "job"])
    return found


@retried
def drop(*, actor: Actor, import_id: int, at: datetime) -> WorkbookImport:
    """The file is not wanted after all; what it would have changed stays as it is."""
    with transaction.atomic():
        found = locked(WorkbookImport.objects.visible_to(actor), pk=import_id)
        refuse(may_fill(actor, found.return_of))
        importing.drop(found)
    return found


def apply(*, run: Run, found: WorkbookImport, read: Callable[[Opened], Reading]) -> None:
    """The second job: the same reading against the draft as it is now, then all of it or nothing.

    When the draft has changed since the preview, the preview is made anew and nothing is written.
    The lease is held to the commit: of two workers only one can have written.
    """
    confirmed = datetime.fromisoformat(found.decisions["confirmed_at"])
    reading = read(opened_of(found, at=confirmed))
    with transaction.atomic():
        opened = draft_to_change(actor=run.actor, return_id=found.return_of_id, at=confirmed)
        if not WorkbookImport.objects.filter(pk=found.pk, state=ImportState.CHECKED).exists():
            return run.finish(outcome={"outcome": "nothing"})
        assessed = assess(opened.form, draft_of(opened), reading)
        if changes_of(opened, assessed) != found.changes:
            report = report_of(opened, assessed, applied=False)
            changes = changes_of(opened, assessed)
            WorkbookImport.objects.filter(pk=found.pk).update(report=report, changes=changes)
            return run.finish(outcome={"outcome": "preview_changed"}, awaits_owner=True)
        leaving: dict[str, bool] = found.decisions.get("leaving", {})
        report = settle(
            actor=run.actor,
            opened=opened,
            assessed=assessed,
            reading=reading,
            file=found.file,
            leaving=leaving,
            at=confirmed,
            progress=run.progress,
        )
        WorkbookImport.objects.filter(pk=found.pk).update(
            state=ImportState.APPLIED, applied_at=confirmed, report=report
        )
        return run.finish(outcome={"outcome": report["outcome"], "tables": report["tables"]})


@retried
def import_now(
    *,
    actor: Actor,
    return_id: int,
    meta: Meta,
    read: Callable[[Opened], Reading],
    content: bytes,
    name: str,
    at: datetime,
    dry_run: bool = False,
    leaving: bool = False,
) -> dict[str, Any]:
    """A file by command: the same reading, checks and writing in one go; the contract's report.

    A dry run writes nothing at all. Raises `Refused` when the file is wrong as a whole.
    """
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at)
        belongs(meta, opened)
        reading = read(opened)
        assessed = assess(opened.form, draft_of(opened), reading)
        if dry_run:
            return report_of(opened, assessed, applied=False)
        file = files.store(content=content, name=name, content_type=files.XLSX, actor=actor, at=at)
        leaves = dict.fromkeys(assessed.tables, leaving)
        report = settle(
            actor=actor, opened=opened, assessed=assessed, reading=reading, file=file, leaving=leaves, at=at
        )
        WorkbookImport.objects.create(
            return_of=opened.of,
            file=file,
            state=ImportState.APPLIED,
            report=report,
            decisions={"leaving": leaves},
            received_at=at,
            applied_at=at,
            by=actor.user,
        )
    return report


def settle(
    *,
    actor: Actor,
    opened: Opened,
    assessed: Assessed,
    reading: Reading,
    file: StoredFile,
    leaving: Mapping[str, bool],
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Writes an assessed workbook into the locked draft, with its record, in the caller's transaction."""
    write(
        actor=actor,
        opened=opened,
        assessed=assessed,
        reading=reading,
        sha256=file.sha256,
        leaving=leaving,
        at=at,
        progress=progress,
    )
    report = report_of(opened, assessed, applied=True)
    detail = {"sha256": file.sha256, "outcome": report["outcome"], "tables": report["tables"]}
    audit.record(actor=actor, action="return.import", on=opened.of, at=at, detail=detail)
    return report
