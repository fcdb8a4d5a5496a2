"""Loads the demo province."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from portal.demo import load
from portal.demo.sizes import FULL

LEAST = 60


class Command(BaseCommand):
    help = "Loads the demo province into an empty database: every name and code in it is invented."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--carriers", type=int, default=FULL, help=f"how many, {LEAST} to {FULL}")
        parser.add_argument("--seed", type=int, default=2021)

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("demo data is loaded on the embedded database, or with DEMO=1")
        if User.objects.exists():
            raise CommandError("the database is not empty: the demo is loaded into an empty one")
        if not LEAST <= options["carriers"] <= FULL:
            raise CommandError(f"--carriers is a number from {LEAST} to {FULL}")
        start = time.monotonic()
        load.load(carriers=options["carriers"], seed=options["seed"], say=self.stdout.write)
        self.stdout.write(f"the demo province is loaded ({time.monotonic() - start:.1f} s)")
