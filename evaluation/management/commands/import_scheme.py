"""Loads a scheme: `manage.py import_scheme FILE [--region CODE]`."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import PORTAL
from accounts.management.owned import OwnedFileCommand
from accounts.models import Region
from evaluation.models import Scheme
from evaluation.services.schemes import import_scheme


class Command(OwnedFileCommand):
    help = "导入指标体系文件；字段按其所用报表核对"
    kind = "scheme"
    file_help = "指标体系 YAML 文件"

    def load(self, source: bytes, region: Region, at: datetime) -> Scheme:
        return import_scheme(actor=PORTAL, source=source, region=region, at=at)
