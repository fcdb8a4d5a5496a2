"""A province's file comes in: `manage.py import_roster FILE.xlsx --year YEAR [--dry-run] [--json OUT]`."""

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
from reporting.excel.rosters import read_rosters
from reporting.services import rosters


class Command(BaseCommand):
    help = "Reads a file of many carriers' tables, checks everything, and writes what is sound."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--leave", action="store_true", help="rows no longer in the file leave the table")
        parser.add_argument("--json", type=Path, help="where the report goes")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(str(options["file"]))
        try:
            report = _report(options)
        except Refused as refused:
            report = {
                "year": options["year"],
                "outcome": "rejected",
                "applied": False,
                "tables": {},
                "carriers": {},
                "problems": shown_all(refused.problems),
            }
        if options["json"]:
            text = json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True)
            options["json"].write_text(text + "\n", encoding="utf-8")
        for problem in report["problems"]:
            self.stderr.write(f"{problem['place'] or '—'}：{problem['message']}（×{problem['count']}）")
        self.stdout.write(f"{report['outcome']} {json.dumps(report['tables'], ensure_ascii=False)}")
        if report["outcome"] == "rejected":
            raise CommandError("rejected")


def _report(options: dict[str, Any]) -> dict[str, Any]:
    path, year = options["file"], options["year"]
    at = clock.now()
    forms, owners = rosters.asked(actor=PORTAL, year=year)
    found = read_rosters(path, forms, owners)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return rosters.import_rosters(
        actor=PORTAL,
        year=year,
        sheets=found.sheets,
        problems=found.problems,
        sha256=sha256,
        at=at,
        dry_run=options["dry_run"],
        leaving=options["leave"],
    )
