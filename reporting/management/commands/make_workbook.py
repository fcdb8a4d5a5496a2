"""A carrier's workbook: `manage.py make_workbook CARRIER YEAR [--out FILE.xlsx]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from reporting import queries
from reporting.excel.making import file_name, make


class Command(BaseCommand):
    help = "Writes the blank or pre-filled workbook of a carrier's yearly return."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("carrier")
        parser.add_argument("year", type=int)
        parser.add_argument("--form", default="", help="code of the form, where a carrier fills several")
        parser.add_argument("--out", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(queries.returns_of(options["carrier"], options["year"], options["form"])[:2])
        if not found:
            raise CommandError(_("没有这家载体该年度的填报任务。"))
        if len(found) > 1:
            raise CommandError(_("该载体该年度有几份报表，请用 --form 指明。"))
        opened = queries.opened(found[0], at=clock.now())
        path: Path = options["out"] or Path(file_name(opened))
        path.write_bytes(make(opened))
        self.stdout.write(str(path))
