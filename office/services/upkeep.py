"""What a system administrator asks of the running portal: worker, queue, mail, disk, versions, calendar."""

from __future__ import annotations

import logging
import platform
import shutil
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache as cache_once
from pathlib import Path

import django
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Max, Q, Sum

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from office.models import AuditEntry, Job, JobState, OutboxMessage, OutboxState, StoredFile
from office.queries import workdays

log = logging.getLogger(__name__)
HEARTBEAT = "worker:heartbeat"
LOW_SHARE, LOW_BYTES = 10, 1024**3  # as files are refused (office.services.files)
NOTICE_MONTH = 11  # the State Council's notice of the next year comes about then
STALE_BACKUP_DAYS = 2


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs by state, and messages to the outside."""

    failed: int
    running: int
    waiting: int
    mail_waiting: int
    mail_failed: int


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes."""

    free: int
    total: int
    database: int
    files: int
    file_count: int

    @property
    def is_low(self) -> bool:
        return self.free < min(self.total // LOW_SHARE, LOW_BYTES)


@dataclass(frozen=True, slots=True)
class Versions:
    portal: str
    django: str
    python: str
    database: str
    migration: str
    migrated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Backup:
    """The newest archive in the usual folder."""

    name: str
    size: int
    made_at: datetime

    def is_stale(self, at: datetime) -> bool:
        return (at - self.made_at).days >= STALE_BACKUP_DAYS


@dataclass(frozen=True, slots=True)
class Calendar:
    """Regions and working days. `missing`: the next year's notice ought to be here by now."""

    cities: int
    counties: int
    ended: int
    loaded_at: datetime | None
    this_year: int
    is_known: bool
    next_is_known: bool
    is_missing: bool


def worker_seen() -> datetime | None:
    """When a worker was heard of in the last two minutes; None when none answers, or the cache does not."""
    try:
        found = cache.get(HEARTBEAT)
    except Exception as error:  # the cache's client raises many kinds
        log.warning("the heartbeat is not known: %s", error)
        return None
    return datetime.fromisoformat(found) if found else None


def queue(actor: Actor) -> Queue:
    """Two queries."""
    states = {
        name: Count("pk", filter=Q(state=state))
        for name, state in (
            ("failed", JobState.FAILED),
            ("running", JobState.RUNNING),
            ("waiting", JobState.WAITING),
        )
    }
    unfinished = Job.objects.visible_to(actor).exclude(state__in=(JobState.DONE, JobState.CANCELLED))
    mail = OutboxMessage.objects.visible_to(actor).aggregate(
        mail_waiting=Count("pk", filter=Q(state=OutboxState.WAITING)),
        mail_failed=Count("pk", filter=Q(state=OutboxState.FAILED)),
    )
    return Queue(**unfinished.order_by().aggregate(**states), **mail)


def disk() -> Disk:
    usage = shutil.disk_usage(settings.DATA_DIR)
    contents = StoredFile.objects.values("sha256").annotate(bytes=Max("size"))
    sums = contents.aggregate(size=Sum("bytes"), n=Count("sha256"))
    return Disk(usage.free, usage.total, _database_size(), sums["size"] or 0, sums["n"])


def _database_size() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    path = Path(str(connection.settings_dict["NAME"]))
    parts = (path, path.with_name(path.name + "-wal"))
    return sum(part.stat().st_size for part in parts if part.is_file())


def versions() -> Versions:
    last = MigrationRecorder(connection).migration_qs.order_by("-applied", "-pk").first()
    return Versions(
        portal=_own_version(),
        django=django.get_version(),
        python=platform.python_version(),
        database=_database_version(),
        migration=f"{last.app}.{last.name}" if last else "",
        migrated_at=last.applied if last else None,
    )


@cache_once
def _own_version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _database_version() -> str:
    name, query = "PostgreSQL", "SHOW server_version"
    if connection.vendor == "sqlite":
        name, query = "SQLite", "SELECT sqlite_version()"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return f"{name} {cursor.fetchone()[0]}"


def newest_backup() -> Backup | None:
    """By its time on the disk, in the folder that `manage.py backup` writes to unless told otherwise."""
    found = []
    for path in (settings.DATA_DIR / "backups").glob("portal-*.tar"):
        told = path.stat()
        found.append(Backup(path.name, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC)))
    return max(found, key=lambda one: one.made_at, default=None)


def calendar(at: datetime) -> Calendar:
    """Three queries."""
    today = clock.day_of(at)
    ended = Q(valid_to__lt=today)
    counted = Region.objects.aggregate(
        cities=Count("pk", filter=Q(level="city") & ~ended),
        counties=Count("pk", filter=Q(level="county") & ~ended),
        ended=Count("pk", filter=ended),
    )
    loaded = AuditEntry.objects.of_the_portal("regions.load").aggregate(at=Max("at"))["at"]
    days = workdays()
    next_known = not days.is_estimated(date(today.year + 1, 12, 31))
    return Calendar(
        **counted,
        loaded_at=loaded,
        this_year=today.year,
        is_known=not days.is_estimated(date(today.year, 12, 31)),
        next_is_known=next_known,
        is_missing=today.month >= NOTICE_MONTH and not next_known,
    )
