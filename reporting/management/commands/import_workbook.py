"""A carrier's workbook comes back: `manage.py import_workbook FILE.xlsx [--dry-run] [--json OUT.json]`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import PORTAL
from core import clock
from core.problems import Problem, Refused
from core.text import T
from reporting import queries
from reporting.excel.reading import open_workbook, read_return
from reporting.rules.tokens import Meta
from reporting.services import workbooks


class Command(BaseCommand):
    help = "Reads a return's workbook, checks everything, and writes what is sound."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--leave", action="store_true", help="rows no longer in the file leave the table")
        parser.add_argument("--json", type=Path, help="where the report goes")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        report = _report(content, options, at)
        text = json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True)
        if options["json"]:
            options["json"].write_text(text + "\n", encoding="utf-8")
        for problem in report["problems"]:
            self.stderr.write(f"{problem['place'] or '—'}：{problem['message']}（×{problem['count']}）")
        self.stdout.write(f"{report['outcome']} {json.dumps(report['tables'], ensure_ascii=False)}")
        if report["outcome"] == "rejected":
            raise CommandError("rejected")


def _report(content: bytes, options: dict[str, Any], at: Any) -> dict[str, Any]:
    meta: Meta | None = None
    try:
        book, meta = open_workbook(content)
        found = queries.returns_of(meta.carrier, meta.year, meta.form).first()
        if found is None:
            raise Refused(
                Problem("workbook.no_return", T("没有这家载体该年度的填报任务。"), found=meta.carrier)
            )
        known = meta
        return workbooks.import_now(
            actor=PORTAL,
            return_id=found.pk,
            meta=known,
            read=lambda opened: read_return(book, known, opened.form),
            content=content,
            name=options["file"].name,
            at=at,
            dry_run=options["dry_run"],
            leaving=options["leave"],
        )
    except Refused as refused:
        carrier, year = (meta.carrier, meta.year) if meta else ("", None)
        return workbooks.rejected(carrier, year, refused.problems)
