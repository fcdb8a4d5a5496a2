"""Loads a subsidy policy: `manage.py import_policy FILE [--region CODE]`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from accounts.actors import PORTAL
from accounts.models import Region
from core import clock
from core.http import said
from core.problems import Problem, Refused
from core.text import T
from funding.services.policies import import_policy


class Command(BaseCommand):
    """Every fault goes to the error stream, one a line, with its path in the file; then nothing is loaded."""

    help = "导入奖补政策文件；所用字段在测算时按评价批次核对"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the region that owns the policy (the root by default)."""
        parser.add_argument("file", type=Path, help="奖补政策 YAML 文件")
        parser.add_argument("--region", default="", help="制定地区的代码，默认为最上一级")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads, checks, keeps."""
        try:
            source = _read(options["file"])
            policy = import_policy(
                actor=PORTAL, source=source, region=_region(options["region"]), at=clock.now()
            )
        except Refused as refused:
            for problem in refused.problems:
                found = f"（{problem.found}）" if problem.found else ""
                self.stderr.write(f"{problem.place or '—'}：{said(problem.message)}{found}")
            sys.exit(1)
        self.stdout.write(f"{policy.code} v{policy.version} {policy.digest}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = T("文件读不出来：{reason}", reason=error.strerror or str(error))
        raise Refused(Problem("policy.file", message, place=str(path))) from error


def _region(code: str) -> Region:
    found = Region.objects.filter(code=code) if code else Region.objects.filter(parent=None)
    region = found.order_by("code").first()
    if region is None:
        raise Refused(Problem("policy.region", T("没有这个地区。"), place="--region", found=code))
    return region
