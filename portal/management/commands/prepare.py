"""Makes texts, static files and the database ready for this version; the first step of every start."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User


class Command(BaseCommand):
    help = (
        "Compiles texts, collects static files, backs up before a newer version's migrations, migrates, "
        "loads the demo if empty."
    )

    def handle(self, **options: Any) -> None:
        call_command("compile_texts")
        if not settings.DEBUG:
            # Only the kit's one file is taken out of its wheel (config.assets), not its whole folder.
            self._timed(
                "static files are collected",
                "collectstatic",
                interactive=False,
                verbosity=0,
                ignore_patterns=["django_htmx"],
            )
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            if executor.loader.applied_migrations:
                self._timed("the data is backed up before migrating", "backup")
            self._timed(f"{len(pending)} migrations are applied", "migrate", interactive=False, verbosity=0)
        if settings.DEMO and not User.objects.exists():
            self._timed("the demo province is loaded", "demo")

    def _timed(self, words: str, command: str, **arguments: Any) -> None:
        start = time.monotonic()
        call_command(command, **arguments)
        self.stdout.write(f"           {words} ({time.monotonic() - start:.1f} s)")
