"""The past is taken over: `manage.py import_history FILE.xlsx [--dry-run] [--json OUT.json]`, or
`manage.py import_history --template FILE.xlsx` for the empty workbook."""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import PORTAL
from core import clock
from core.http import shown_all
from core.problems import Refused
from registry.excel import register
from registry.services import bulk


class Command(BaseCommand):
    help = (
        "Takes over levels, grades, awards and totals of past years: checks everything, writes what is sound."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--json", type=Path, help="where the report goes")
        parser.add_argument("--template", action="store_true", help="write the empty workbook to the file")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if options["template"]:
            path.write_bytes(register.template(register.PAST))
            return
        if not path.is_file():
            raise CommandError(str(path))
        report = _report(path, dry_run=options["dry_run"])
        if options["json"]:
            text = json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True)
            options["json"].write_text(text + "\n", encoding="utf-8")
        for problem in report["problems"]:
            self.stderr.write(f"{problem['place'] or '—'}：{problem['message']}（×{problem['count']}）")
        self.stdout.write(f"{report['outcome']} {json.dumps(report['counts'], ensure_ascii=False)}")
        if report["outcome"] in ("refused", "rejected"):
            raise CommandError(report["outcome"])


def _report(path: Path, *, dry_run: bool) -> dict[str, Any]:
    """What was found, and whether it was written."""
    content = path.read_bytes()
    told = {"file": path.name, "sha256": hashlib.sha256(content).hexdigest()}
    try:
        lines = register.read(content, register.PAST)
    except Refused as refused:
        problems = shown_all(refused.problems)
        return {"outcome": "refused", "counts": {}, "problems": problems, "applied": False}
    return bulk.import_now(
        actor=PORTAL, sheet=register.PAST, lines=lines, told=told, at=clock.now(), dry_run=dry_run
    )
