"""Writes what was done into the record, in the act's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from accounts.actors import Actor
from office.models import AuditEntry


def record(
    *,
    actor: Actor,
    action: str,
    on: models.Model | str,
    at: datetime,
    key: str = "",
    detail: Mapping[str, Any] | None = None,
    reason: str = "",
    address: str | None = None,
) -> AuditEntry:
    """One entry for one act. `on` is the thing, or a word for its kind with `key`; `detail` is what
    changed, before and after, as plain JSON; whose appointment it was, when it was lent, is added. Stands or
    falls with the act."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an act and its record are one transaction")
    kind = on if isinstance(on, str) else on._meta.label_lower
    return AuditEntry.objects.create(
        at=at,
        user_id=actor.user_id,
        user_name=actor.name,
        role=actor.role,
        appointment_id=actor.appointment.pk if actor.appointment else None,
        address=address,
        action=action,
        object_type=kind,
        object_key=key or (str(on.pk) if isinstance(on, models.Model) else ""),
        detail={**(detail or {}), **_lent(actor)},
        reason=reason,
    )


def _lent(actor: Actor) -> dict[str, Any]:
    """For whom a person acts under a delegated appointment."""
    given = actor.appointment.delegated_from if actor.appointment else None
    return {"on_behalf_of": {"user": given.user_id, "name": str(given.user)}} if given else {}
