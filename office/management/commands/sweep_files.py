"""`manage.py sweep_files`: removes files that belong to nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from office.services import files


class Command(BaseCommand):
    help = "Removes files older than a day that no row names (left by acts that were rolled back or killed)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{files.sweep_orphans(at=clock.now())} files removed.")
