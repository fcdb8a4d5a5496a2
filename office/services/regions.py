"""The tree of regions out of a file that a system administrator hands in: looked at first, then loaded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.services import regions
from accounts.services.regions import Change
from core.problems import Problem, Refused
from core.text import T
from office.models import StoredFile
from office.permissions import may_load_regions
from office.services import audit, files

MOST_BYTES = 2_000_000


def _must_load(actor: Actor) -> None:
    if not may_load_regions(actor):
        raise Refused(Problem("regions.role", T("只有系统管理员可以载入区域。")))


def receive(*, actor: Actor, content: bytes, name: str, at: datetime) -> StoredFile:
    """Keeps the file when it can be loaded; else `Refused` with every fault, and nothing is kept."""
    _must_load(actor)
    regions.compare(content=content, name=name)
    return files.receive(content=content, name=name, content_type="text/csv", actor=actor, at=at)


def preview(file: StoredFile) -> list[Change]:
    """What the file would change as things stand now; nothing is written."""
    with files.opened(file) as content:
        return regions.compare(content=content.read(), name=file.name)


@transaction.atomic
def apply(*, actor: Actor, file_id: UUID, at: datetime) -> regions.Loaded:
    """Brings the tree to what the actor's own file says: all or nothing."""
    _must_load(actor)
    file = StoredFile.objects.visible_to(actor).get(pk=file_id)
    with files.opened(file) as content:
        done = regions.apply(content=content.read(), name=file.name)
    detail = {"sha256": file.sha256, "new": done.new, "changed": done.changed, "same": done.same}
    audit.record(actor=actor, action="regions.load", on=file, at=at, key=file.name[:80], detail=detail)
    return done
