"""`manage.py flush`: empties the database, guarded tables too."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from office.services import guards


class Command(flush.Command):
    help = "Empties the database. Rows that are kept as they were written go too."

    def handle(self, **options: Any) -> None:
        with guards.lifted(connections[options["database"]]):
            super().handle(**options)
