"""What tests of the register's workbooks do with a file: make, hand in, confirm."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook

from accounts.actors import Actor
from office.models import Job
from office.services import files, jobs
from registry.excel import register
from registry.models import RegisterImport
from registry.services import bulk
from tests.registry.world import AT

Row = Mapping[str, Any]


def book(sheet: str, rows: Sequence[Row], *, without: Sequence[str] = ()) -> bytes:
    """The template filled in by a person: values by column code, as typed."""
    made = load_workbook(io.BytesIO(register.template(sheet)))
    table = made[register.NAMES[sheet]]
    codes = [column.code for column in register.COLUMNS[sheet]]
    for number, row in enumerate(rows, start=2):
        for code, value in row.items():
            table.cell(number, codes.index(code) + 1).value = value
    for code in without:
        table.delete_cols([column.code for column in register.COLUMNS[sheet]].index(code) + 1)
    return saved(made)


def saved(made: Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def check(actor: Actor, sheet: str, content: bytes, name: str = "登记.xlsx") -> RegisterImport:
    """Upload and the first job."""
    found = bulk.upload(actor=actor, sheet=sheet, content=content, name=name, at=AT)
    jobs.run(job_id=str(found.job.pk))
    return again(found)


def confirm(actor: Actor, found: RegisterImport) -> RegisterImport:
    """The preview is confirmed, and the second job runs."""
    held = bulk.confirm(actor=actor, import_id=found.pk, at=AT)
    jobs.run(job_id=str(held.job.pk))
    return again(found)


def again(found: RegisterImport) -> RegisterImport:
    return RegisterImport.objects.select_related("job", "file", "marked").get(pk=found.pk)


def applied(actor: Actor, sheet: str, rows: Sequence[Row]) -> RegisterImport:
    return confirm(actor, check(actor, sheet, book(sheet, rows)))


def exported(actor: Actor, sheet: str) -> bytes:
    """The filled workbook of the actor's scope, made by the worker."""
    job = bulk.make_book(actor=actor, sheet=sheet, at=AT)
    jobs.run(job_id=str(job.pk))
    done = Job.objects.select_related("result").get(pk=job.pk)
    assert done.result is not None, done.failure
    return files.content_of(done.result)


def told(found: RegisterImport) -> dict[str, tuple[str, str]]:
    """By rule the place and the sentence with its way out."""
    return {one["code"]: (one["place"], f"{one['message']}{one['fix']}") for one in found.report["problems"]}
