"""Chains the audit by hashes, and finds the place where somebody touched it.

Which entries to seal is asked of the table itself: those without a seal. A number kept as 'sealed up to
here' would skip an entry whose number was drawn early and whose transaction committed late. So the order
of the chain is the order of sealing (`position`), within one sealing the order of numbers; a late entry
simply stands further on. Sealers take turns by a lock of the database, so that the chain has no forks.

The chain alone does not show that its end was cut off. Every sealing therefore writes the head of the
chain to a file outside the database, and checking compares all of them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from core.text import T, Text
from office.models import AuditEntry, AuditSeal

log = logging.getLogger(__name__)
START = "0" * 64
LOCK = 7_340_021  # any number that nobody else uses
BATCH = 5_000
OVERDUE = timedelta(minutes=5)
# How many entries may commit while one transaction is open before only `verify` finds that one.
WINDOW = 1_000_000
_FIELDS = (
    "pk",
    "at",
    "user_id",
    "user_name",
    "role",
    "appointment_id",
    "address",
    "action",
    "object_type",
    "object_key",
    "detail",
    "reason",
)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at one sealing."""

    position: int
    digest: str


def digest_of(entry: dict[str, Any], *, position: int, before: str) -> str:
    """SHA-256 over canonical JSON of the entry, its place and the digest before."""
    plain = {name: entry[name] for name in _FIELDS}
    plain["at"] = entry["at"].astimezone(UTC).isoformat()
    words = json.dumps(
        {"before": before, "position": position, "entry": plain},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(words.encode()).hexdigest()


def seal(*, at: datetime) -> int:
    """Seals every committed entry that has no seal yet. How many."""
    sealed = 0
    while True:
        with transaction.atomic():
            _take_turn()
            head, entries = _head(), list(_unsealed()[:BATCH].values(*_FIELDS))
            seals = _chained(head, entries, at)
            AuditSeal.objects.bulk_create(seals, batch_size=500)
        if seals:
            _tell(Head(seals[-1].position, seals[-1].digest), at)
        sealed += len(seals)
        if len(seals) < BATCH:
            return sealed


def _take_turn() -> None:
    """One sealer at a time; on SQLite a writing transaction is alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _head() -> Head:
    last = AuditSeal.objects.order_by("-position").first()
    return Head(last.position, last.digest) if last else Head(0, START)


def _unsealed() -> QuerySet[AuditEntry]:
    newest = AuditSeal.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    return AuditEntry.objects.filter(pk__gt=newest - WINDOW, seal=None).order_by("pk")


def _chained(head: Head, entries: list[dict[str, Any]], at: datetime) -> list[AuditSeal]:
    seals = []
    position, before = head.position, head.digest
    for entry in entries:
        position += 1
        before = digest_of(entry, position=position, before=before)
        seals.append(AuditSeal(position=position, entry_id=entry["pk"], digest=before, sealed_at=at))
    return seals


def heads_file() -> Path:
    folder: Path = settings.DATA_DIR
    return folder / "audit-heads.jsonl"


def _tell(head: Head, at: datetime) -> None:
    """One line outside the database: to be copied away daily, it shows a cut or rewritten chain."""
    line = json.dumps({"at": at.isoformat(), "position": head.position, "digest": head.digest})
    with heads_file().open("a") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def told_heads(path: Path) -> list[Head]:
    """The heads of a file; nothing when there is none yet."""
    if not path.exists():
        return []
    with path.open() as file:
        rows = [json.loads(line) for line in file if line.strip()]
    return [Head(row["position"], row["digest"]) for row in rows]


def overdue(*, at: datetime) -> int:
    """How many entries are older than five minutes and not sealed: more than none is an alarm."""
    return _unsealed().filter(at__lt=at - OVERDUE).count()


def last_seal() -> Head:
    """Where the chain ends in the database."""
    return _head()


def verify(
    *, at: datetime, heads: list[Head], checked: Callable[[int], None] | None = None
) -> Iterator[Text]:
    """Every place where the audit is not what was sealed; nothing when all is well. `checked` hears the
    position of every seal that was looked at."""
    told: dict[int, set[str]] = {}
    for head in heads:
        told.setdefault(head.position, set()).add(head.digest)
    position, before = 0, START
    seals = AuditSeal.objects.order_by("position").values("position", "entry_id", "digest")
    for seal_row, entry in _beside_entries(seals):
        while position + 1 < seal_row["position"]:
            position += 1
            yield T("封印第 {n} 位缺失：该位的记录被删除。", n=position)
        position = seal_row["position"]
        yield from _checked(seal_row, entry, before)
        before = seal_row["digest"]
        if told.get(position, {before}) != {before}:
            yield T("封印第 {n} 位与当时留存的链头不符：此位及以前有记录被改写。", n=position)
        if checked:
            checked(position)
    last = max(told, default=0)
    if last > position:
        yield T("链尾被截：留存的链头在第 {last} 位，库中只到第 {n} 位。", last=last, n=position)
    late = AuditEntry.objects.filter(seal=None, at__lt=at - OVERDUE)
    for pk in late.order_by("pk").values_list("pk", flat=True)[:100]:
        yield T("记录 {pk} 超过 5 分钟未封印。", pk=pk)


def _checked(seal_row: dict[str, Any], entry: dict[str, Any] | None, before: str) -> Iterator[Text]:
    place = {"n": seal_row["position"], "pk": seal_row["entry_id"]}
    if entry is None:
        yield T("封印第 {n} 位：记录 {pk} 被删除。", **place)
    elif digest_of(entry, position=seal_row["position"], before=before) != seal_row["digest"]:
        yield T("封印第 {n} 位：记录 {pk} 的内容、次序或封印被改动。", **place)


def _beside_entries(seals: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Each seal with its entry, by thousands: a deleted entry leaves its seal alone."""
    rows: list[dict[str, Any]] = []
    for row in seals.iterator(chunk_size=1_000):
        rows.append(row)
        if len(rows) == 1_000:
            yield from _with_entries(rows)
            rows = []
    yield from _with_entries(rows)


def _with_entries(rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    found = AuditEntry.objects.filter(pk__in=[row["entry_id"] for row in rows]).values(*_FIELDS)
    entries = {entry["pk"]: entry for entry in found}
    for row in rows:
        yield row, entries.get(row["entry_id"])
