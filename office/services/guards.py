"""Triggers that keep rows as they were written, on both databases, also against our own code.

A room names its guards `guard_…` and sets them in a migration by `keep_rows`. Only `manage.py flush`,
which empties a database (tests do, between one another), lifts them and sets them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_FUNCTION = """
CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of %% are kept as they were written', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def keep_rows(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Refuses every UPDATE and DELETE of rows in `table`."""
    name = f"guard_{table}"
    if editor.connection.vendor == "postgresql":
        editor.execute(_FUNCTION)
        editor.execute(
            f'CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION guard_refuse()"
        )
        return
    for act in ("update", "delete"):
        editor.execute(
            f'CREATE TRIGGER {name}_{act} BEFORE {act.upper()} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are kept as they were written'); END"
        )


def release_rows(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """The way back of `keep_rows`."""
    name = f"guard_{table}"
    if editor.connection.vendor == "postgresql":
        editor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
        return
    for act in ("update", "delete"):
        editor.execute(f"DROP TRIGGER IF EXISTS {name}_{act}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without guards inside; only for emptying a database. PostgreSQL empties by TRUNCATE, which a row's
    guard does not see (and which the serving role may not do)."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard\\_%' ESCAPE '\\'"
        )
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _name, sql in guards:
                cursor.execute(sql)
