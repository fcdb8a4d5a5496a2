"""Who looked at personal data: lines in files outside the database, one file a day, kept 200 days.

A page that only shows writes nothing to the database; this record must not make it write.
"""

from __future__ import annotations

import json
import os
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from accounts.actors import Actor
from core import clock

KEPT = timedelta(days=200)  # the law asks for six months (网络安全法第二十一条)


def folder() -> Path:
    data: Path = settings.DATA_DIR
    return data / "access"


def seen(*, actor: Actor, what: str, key: str, at: datetime, address: str = "") -> None:
    """Notes that this person looked at the personal data `what` of `key`."""
    line = {
        "at": at.isoformat(),
        "user": actor.user_id,
        "name": actor.name,
        "role": actor.role,
        "address": address,
        "what": what,
        "key": key,
    }
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder() / f"{clock.day_of(at)}.log"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def clear(*, at: datetime) -> int:
    """Removes files beyond their time. How many."""
    first = clock.day_of(at - KEPT)
    old = [path for path in folder().glob("*.log") if date.fromisoformat(path.stem) < first]
    for path in old:
        path.unlink()
    return len(old)
