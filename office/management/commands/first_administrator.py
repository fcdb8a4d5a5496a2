"""`manage.py first_administrator USERNAME NAME`: the first account of a portal that has none.

A security administrator: creates people and appoints them, and does nothing else. The password is read from
the terminal, or from the environment variable FIRST_PASSWORD.
"""

from __future__ import annotations

import getpass
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actors import PORTAL
from accounts.models import Appointment, Region
from accounts.rules.roles import Role
from core import clock
from core.http import said
from core.problems import Refused
from office.services import people


class Command(BaseCommand):
    help = "Creates the first security administrator; refused when there is one already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        if Appointment.objects.filter(role=Role.SECURITY_ADMINISTRATOR).valid_on(clock.day_of(at)).exists():
            raise CommandError("There is a security administrator already; new ones are appointed by them.")
        root = Region.objects.filter(parent=None).order_by("pk").first()
        if root is None:
            raise CommandError("Load the regions first: manage.py load_regions [FILE].")
        try:
            user = people.create_person(
                actor=PORTAL,
                username=options["username"],
                name=options["name"],
                password=os.environ.get("FIRST_PASSWORD") or getpass.getpass("Password: "),
                at=at,
            )
            people.appoint(
                actor=PORTAL,
                user=user,
                role=Role.SECURITY_ADMINISTRATOR,
                region=root,
                valid_from=clock.day_of(at),
                at=at,
            )
        except Refused as refusal:
            raise CommandError("\n".join(said(p.message) for p in refusal.problems)) from refusal
        self.stdout.write(f"{user.username} is security administrator.")
