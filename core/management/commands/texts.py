"""Keeps the translations in step with the texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import texts


class Command(BaseCommand):
    help = "Brings locale/en in step with the texts in code and templates; --check only says what is not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, **options: Any) -> None:
        path = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
        translations = polib.pofile(str(path)) if path.exists() else _new()
        found = texts.found_texts(Path(settings.BASE_DIR))
        if not options["check"]:
            texts.update(found, translations)
            path.parent.mkdir(parents=True, exist_ok=True)
            translations.save(str(path))
        faults = texts.compare(found, translations)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} texts are not in step")
        self.stdout.write(f"{len(found)} texts in step")


def _new() -> polib.POFile:
    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return file
