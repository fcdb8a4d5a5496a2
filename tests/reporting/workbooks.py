"""What the workbook tests do with a file: make, open with openpyxl, fill, hand in."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from accounts.actors import Actor
from office.services import jobs
from reporting import queries
from reporting.excel.making import make
from reporting.models import Return, WorkbookImport
from reporting.services import workbooks
from tests.reporting.conftest import DAY, World

ROSTER = "在孵企业名单"
SITE = "场地"
LINES = {"area_total": "C2", "area_tenants": "C3", "area_service": "C4", "tenants_reported": "C6"}


def blank(found: Return) -> Workbook:
    """The project's own workbook as a person's program opens it."""
    return load_workbook(io.BytesIO(make(queries.opened(found, at=DAY))))


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def put_fields(book: Workbook, values: Mapping[str, Any]) -> None:
    for code, value in values.items():
        book[SITE][LINES[code]] = value


def put_rows(book: Workbook, rows: list[Mapping[str, Any]], first: int = 2) -> None:
    sheet = book[ROSTER]
    heads = [str(cell.value).strip(" *") for cell in sheet[1]]
    titles = {
        "name": "企业名称", "credit_code": "统一社会信用代码", "founded": "成立日期", "entered": "入驻日期",
        "field": "技术领域", "revenue": "营业收入（千元）", "high_tech": "高新技术企业",
    }  # fmt: skip
    for number, row in enumerate(rows, start=first):
        for code, value in row.items():
            sheet.cell(number, heads.index(titles[code]) + 1).value = value


def by_command(content: bytes, folder: Path, *options: str) -> dict[str, Any]:
    """`import_workbook`: the report that it writes."""
    source, report = folder / "in.xlsx", folder / "report.json"
    source.write_bytes(content)
    with contextlib.suppress(CommandError):  # a rejected file ends the command with 1
        call_command("import_workbook", str(source), "--json", str(report), *options)
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def check(world: World, content: bytes, actor: Actor | None = None) -> WorkbookImport:
    """Upload and the first job."""
    found = workbooks.upload(
        actor=actor or world.staff, return_id=world.mine.pk, content=content, name="年报.xlsx", at=DAY
    )
    jobs.run(job_id=str(found.job.pk))
    return WorkbookImport.objects.get(pk=found.pk)


def confirm(world: World, found: WorkbookImport, **leaving: bool) -> WorkbookImport:
    """The preview is confirmed, and the second job runs."""
    held = workbooks.confirm(actor=world.staff, import_id=found.pk, at=DAY, leaving=leaving)
    jobs.run(job_id=str(held.job.pk))
    return WorkbookImport.objects.get(pk=found.pk)


def whole_database() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to compare."""
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model._meta.label not in ("sessions.Session", "accounts.SignIn")
    }


Change = Callable[[Workbook], None]
