"""`manage.py backup [--to FOLDER]`: database and files in one archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.http import said
from core.problems import Refused
from office.services import backup


class Command(BaseCommand):
    help = "Writes database and files into one archive with a list of hashes. Keys are not in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.DATA_DIR / "backups", metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = backup.backup(folder=options["to"], at=clock.now())
        except Refused as refusal:
            raise CommandError(" ".join(said(problem.message) for problem in refusal.problems)) from None
        self.stdout.write(f"{report.path}: {report.files} files, {report.size} bytes.")
