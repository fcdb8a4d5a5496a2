"""`manage.py reset_second_factor USERNAME REASON`: when the only security administrator has lost the phone
and the recovery codes, and no other can reset them on the pages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actors import PORTAL
from accounts.models import User
from core import clock
from core.http import said
from core.problems import Refused
from office.services import factors


class Command(BaseCommand):
    help = "Takes somebody's device away; the next sign-in sets up a new one. Written into the audit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("reason")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("There is no account of this user name.")
        try:
            factors.reset(actor=PORTAL, user_id=user.pk, reason=options["reason"], at=clock.now())
        except Refused as refusal:
            raise CommandError("\n".join(said(p.message) for p in refusal.problems)) from refusal
        self.stdout.write(f"{user.username} sets up a new device at the next sign-in.")
