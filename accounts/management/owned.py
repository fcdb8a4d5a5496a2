"""A command that loads a YAML file which a region owns: `manage.py NAME FILE [--region CODE]`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol

from django.core.management.base import BaseCommand

from accounts.models import Region
from core import clock
from core.http import said
from core.problems import Problem, Refused
from core.text import T


class Loaded(Protocol):
    """What was kept: named by code and version, known by the digest of its content."""

    code: Any
    version: Any
    digest: Any


class OwnedFileCommand(BaseCommand):
    """Every fault goes to the error stream, one a line, with its path in the file; then nothing is loaded."""

    kind: ClassVar[str]  # begins the codes of its problems
    file_help: ClassVar[str]

    def load(self, source: bytes, region: Region, at: datetime) -> Loaded:
        """Checks and keeps the file; refuses with all its faults."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the region that owns it (the root by default)."""
        parser.add_argument("file", type=Path, help=self.file_help)
        parser.add_argument("--region", default="", help="制定地区的代码，默认为最上一级")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads, checks, keeps."""
        try:
            source = self._read(options["file"])
            kept = self.load(source, self._region(options["region"]), clock.now())
        except Refused as refused:
            for problem in refused.problems:
                found = f"（{problem.found}）" if problem.found else ""
                self.stderr.write(f"{problem.place or '—'}：{said(problem.message)}{found}")
            sys.exit(1)
        self.stdout.write(f"{kept.code} v{kept.version} {kept.digest}")

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            message = T("文件读不出来：{reason}", reason=error.strerror or str(error))
            raise Refused(Problem(f"{self.kind}.file", message, place=str(path))) from error

    def _region(self, code: str) -> Region:
        found = Region.objects.filter(code=code) if code else Region.objects.filter(parent=None)
        region = found.order_by("code").first()
        if region is None:
            raise Refused(Problem(f"{self.kind}.region", T("没有这个地区。"), place="--region", found=code))
        return region
