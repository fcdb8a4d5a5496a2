"""Prints the accounts of the demo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.demo import people


class Command(BaseCommand):
    help = "Prints who can sign in to the demo, each with the password made when it was loaded."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        for role, username, password in people.printed():
            self.stdout.write(f"           {username:<10} {password}   {role}")
