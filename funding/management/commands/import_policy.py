"""Loads a subsidy policy: `manage.py import_policy FILE [--region CODE]`."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import PORTAL
from accounts.management.owned import OwnedFileCommand
from accounts.models import Region
from funding.models import Policy
from funding.services.policies import import_policy


class Command(OwnedFileCommand):
    help = "导入奖补政策文件；所用字段在测算时按评价批次核对"
    kind = "policy"
    file_help = "奖补政策 YAML 文件"

    def load(self, source: bytes, region: Region, at: datetime) -> Policy:
        return import_policy(actor=PORTAL, source=source, region=region, at=at)
