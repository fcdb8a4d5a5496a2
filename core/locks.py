"""Row locks for moves. On SQLite a writing transaction is alone (BEGIN IMMEDIATE), so it needs none."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def locked(rows: QuerySet[M], **lookup: Any) -> M:
    """The one row, locked until the transaction ends; `DoesNotExist` when these rows do not hold it.

    Hand in a queryset that starts from `visible_to`: what one may not see cannot be locked either.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a row is locked inside a transaction only")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows.get(**lookup)
