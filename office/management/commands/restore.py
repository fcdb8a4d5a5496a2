"""`manage.py restore FILE`: puts back what `backup` wrote, after checking every byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.http import said
from core.problems import Refused
from office.services import backup, invariants


class Command(BaseCommand):
    help = (
        "Checks the archive, then puts its files and its database in place, then checks what must hold. "
        "Stop web and workers before; on PostgreSQL run serving_role again afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="replace a database that is not empty")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"No file {options['file']}.")
        try:
            report = backup.restore(path=options["file"], replace=options["replace"], at=clock.now())
        except Refused as refusal:
            raise CommandError(" ".join(said(problem.message) for problem in refusal.problems)) from None
        call_command("migrate", interactive=False, verbosity=0)  # the backup may be of an older release
        faults = [said(fault) for fault in invariants.faults(at=clock.now())]
        self.stdout.write(f"{report.path}: {report.files} files and the database restored.")
        if faults:
            raise CommandError("\n".join(faults))
