"""Many rows at once, under keys that the caller gives: one prepared statement a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

BATCH = 5000


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts rows of these columns (attribute names, `id` too). JSON columns take Python values; a column
    that is not named takes its default."""
    given = [_field(model, name) for name in columns]
    left = [one for one in model._meta.concrete_fields if one not in given and not one.null]
    fields, usual = [*given, *left], [one.get_default() for one in left]
    names = ", ".join(connection.ops.quote_name(field.column or "") for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 (names of the model's own)
    json_at = {at for at, field in enumerate(fields) if isinstance(field, models.JSONField)}
    batch: list[list[Any]] = []
    with connection.cursor() as cursor:
        for row in rows:
            batch.append([_written(value, at in json_at) for at, value in enumerate((*row, *usual))])
            if len(batch) == BATCH:
                cursor.executemany(sql, batch)
                batch.clear()
        if batch:
            cursor.executemany(sql, batch)


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """The field of a column; `region_id` is the column of `region`."""
    return next(one for one in model._meta.concrete_fields if name in (one.name, one.attname))


def _written(value: Any, is_json: bool) -> Any:
    if is_json:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if connection.vendor == "sqlite":
        if isinstance(value, datetime):
            return connection.ops.adapt_datetimefield_value(value)
        if isinstance(value, (date, Decimal)):
            return str(value)
    return value


def next_id(model: type[models.Model]) -> int:
    """The first free key."""
    last = model._default_manager.aggregate(last=models.Max("pk"))["last"]
    return int(last or 0) + 1


def settle_sequences(*tables: type[models.Model]) -> None:
    """The database counts on from the keys that were given."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(sql)
