"""`manage.py verify_audit`: is the audit what was sealed?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.http import said
from office.models import AuditSeal
from office.services import sealing


class Command(BaseCommand):
    help = (
        "Checks the chain of the audit and names every place that was changed, deleted, swapped or cut off."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--heads", type=Path, help="the copy of audit-heads.jsonl that was kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        heads = sealing.told_heads(options["heads"] or sealing.heads_file())
        faults = 0
        for fault in sealing.verify(at=clock.now(), heads=heads):
            faults += 1
            self.stdout.write(said(fault))
        if faults:
            raise CommandError(f"{faults} faults.")
        self.stdout.write(f"{AuditSeal.objects.count()} entries, chain whole, {len(heads)} heads agree.")
