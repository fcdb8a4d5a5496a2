"""Writes what was done into the record, in the act's own transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from accounts.actors import Actor
from office.models import AuditEntry

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Act:
    """One act to be written down: `on` is the thing, or a word for its kind with `key`; `detail` is what
    changed, before and after, as plain JSON."""

    action: str
    on: models.Model | str
    key: str = ""
    detail: Mapping[str, Any] | None = None
    reason: str = ""


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
    _must_be_inside()
    entry = _entry(actor, Act(action, on, key, detail, reason), at, address)
    entry.save(force_insert=True)
    return entry


def record_all(*, actor: Actor, acts: Sequence[Act], at: datetime) -> None:
    """One entry for each of many acts of one instant."""
    _must_be_inside()
    AuditEntry.objects.bulk_create([_entry(actor, act, at) for act in acts], batch_size=_BATCH)


def _must_be_inside() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an act and its record are one transaction")


def _entry(actor: Actor, act: Act, at: datetime, address: str | None = None) -> AuditEntry:
    on = act.on
    return AuditEntry(
        at=at,
        user_id=actor.user_id,
        user_name=actor.name,
        role=actor.role,
        appointment_id=actor.appointment.pk if actor.appointment else None,
        address=address,
        action=act.action,
        object_type=on if isinstance(on, str) else on._meta.label_lower,
        object_key=act.key or (str(on.pk) if isinstance(on, models.Model) else ""),
        detail={**(act.detail or {}), **_lent(actor)},
        reason=act.reason,
    )


def _lent(actor: Actor) -> dict[str, Any]:
    """For whom a person acts under a delegated appointment."""
    given = actor.appointment.delegated_from if actor.appointment else None
    return {"on_behalf_of": {"user": given.user_id, "name": str(given.user)}} if given else {}
