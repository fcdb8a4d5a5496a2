"""`manage.py check_invariants`: does what must hold, hold?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.http import said
from office.services import invariants


class Command(BaseCommand):
    help = "Files have their rows and hashes, jobs are legal, the audit chain is whole. Names every fault."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for fault in invariants.faults(at=clock.now()):
            found += 1
            self.stdout.write(said(fault))
        if found:
            raise CommandError(f"{found} faults.")
        self.stdout.write("0 faults.")
