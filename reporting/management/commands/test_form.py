"""Runs a form's own tests: `manage.py test_form FILE`. Loads nothing and writes nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.http import said
from core.problems import Refused
from reporting.rules.form import Form
from reporting.rules.form_reading import load_form
from reporting.rules.form_tests import outcomes, shown


class Command(BaseCommand):
    help = "Runs the tests that a form file has: each case, then every check that no case shows both ways."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        form = self.form(options["file"])
        if form.tests is None:
            raise CommandError(f"{options['file']}: the form has no tests")
        told = outcomes(form)
        for one in told:
            mark = "ok  " if one.holds else "FAIL"
            missing = f"  missing {', '.join(one.missing)}" if one.missing else ""
            surplus = f"  surplus {', '.join(one.surplus)}" if one.surplus else ""
            self.stdout.write(f"{mark} {one.case.name}{missing}{surplus}")
        open_ones = [one for one in shown(form) if not one.whole]
        for check in open_ones:
            want = " and ".join(
                words for words, is_there in (("raises", check.raised), ("keeps", check.kept)) if not is_there
            )
            self.stdout.write(f"OPEN {check.code}: no case {want} it")
        failed = sum(not one.holds for one in told)
        if failed or open_ones:
            raise CommandError(f"{failed} of {len(told)} cases failed, {len(open_ones)} checks are not shown")
        self.stdout.write(f"{len(told)} cases hold; every check is shown both ways.")

    def form(self, file: Path) -> Form:
        try:
            return load_form(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Refused as refused:
            for problem in refused.problems:
                self.stderr.write(f"{problem.place or '—'}：{said(problem.message)}")
            raise CommandError(f"{file}: {len(refused.problems)}") from refused
