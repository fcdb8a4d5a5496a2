"""`manage.py load_regions [FILE]`: the tree of regions from a CSV file, the demo province's by default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import regions
from core.http import said
from core.problems import Refused


class Command(BaseCommand):
    help = "Loads regions from a CSV file; loading again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=regions.DEMO)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = regions.load(path=options["file"])
        except OSError as error:
            raise CommandError(str(error)) from error
        except Refused as refusal:
            lines = [f"{p.place}: {said(p.message)} {p.found}" for p in refusal.problems]
            raise CommandError("\n".join(lines)) from refusal
        self.stdout.write(f"new {loaded.new}, changed {loaded.changed}, same {loaded.same}")
