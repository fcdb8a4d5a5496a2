"""Loads a form: `manage.py import_form FILE`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import PORTAL
from core import clock
from core.http import said
from core.problems import Refused
from reporting.services import forms


class Command(BaseCommand):
    help = "Loads a yearly return's form from its YAML file; every fault is told with its path."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            source = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        try:
            form = forms.import_form(actor=PORTAL, source=source, at=clock.now())
        except Refused as refused:
            for problem in refused.problems:
                found = f"（{problem.found}）" if problem.found else ""
                self.stderr.write(f"{problem.place or '—'}：{said(problem.message)}{found}")
            raise CommandError(f"{options['file']}: {len(refused.problems)}") from refused
        self.stdout.write(f"{form.code} v{form.version} {form.digest}")
