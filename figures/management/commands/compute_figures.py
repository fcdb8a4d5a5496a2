"""`manage.py compute_figures YEAR [--publish --by USERNAME]`: a year's figures, shown or published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.models import Appointment, Region
from accounts.rules.roles import Role
from core import clock
from core.http import said
from core.problems import Refused
from figures.services.computing import computed, publish_figures


class Command(BaseCommand):
    help = "Works out the figures of a year for the root region; writes nothing unless told to publish."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--publish", action="store_true", help="publish them in an officer's name")
        parser.add_argument("--by", metavar="USERNAME", default="", help="the provincial officer")

    def handle(self, **options: Any) -> None:
        year, root = options["year"], Region.objects.filter(parent=None).first()
        if root is None:
            raise CommandError(_("还没有区域。"))
        if not 2000 <= year <= 2100:
            raise CommandError(_("年度须为 2000 至 2100。"))
        for one in computed(year=year, root=root):
            if one.region_id == root.pk:
                part = f" {one.part}" if one.part else ""
                self.stdout.write(f"{one.definition.code}{part}: {one.value} ({one.base}; {one.source})")
        if options["publish"]:
            self._publish(year, options["by"])

    def _publish(self, year: int, name: str) -> None:
        at = clock.now()
        held = Appointment.objects.filter(user__username=name, role=Role.PROVINCE_OFFICER.value)
        officer = held.valid_on(clock.day_of(at)).select_related("user", "region").first()
        if officer is None:
            raise CommandError(_("发布须用 --by 指明一位省级管理人员的用户名。"))
        try:
            made = publish_figures(actor=actor_of(officer), year=year, at=at)
        except Refused as refused:
            raise CommandError("\n".join(said(one.message) for one in refused.problems)) from refused
        self.stdout.write(_("新发布 {n} 个数。").format(n=len(made)))
