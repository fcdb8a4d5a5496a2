"""The template of a province's file: `manage.py make_roster_workbook [--year YEAR] [--out FILE.xlsx]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from reporting import queries
from reporting.excel.rosters import make_rosters


class Command(BaseCommand):
    help = (
        "Writes the template of a file of many carriers' tables; the newest year's forms unless one is named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int)
        parser.add_argument("--out", type=Path, default=Path("rosters.xlsx"))

    def handle(self, *args: Any, **options: Any) -> None:
        forms = queries.forms_of(options["year"])
        if not any(form.tables for form in forms):
            raise CommandError(_("没有带名单的表单；请先导入表单。"))
        options["out"].write_bytes(make_rosters(forms))
        self.stdout.write(str(options["out"]))
