"""Shows a year's figures as they would be published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Region
from figures.services.computing import computed


class Command(BaseCommand):
    help = "Works out the figures of a year for the root region; writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)

    def handle(self, **options: Any) -> None:
        root = Region.objects.filter(parent=None).first()
        if root is None:
            raise CommandError("there are no regions yet")
        for one in computed(year=options["year"], root=root):
            if one.region_id == root.pk:
                part = f" {one.part}" if one.part else ""
                self.stdout.write(f"{one.definition.code}{part}: {one.value} ({one.base}; {one.source})")
