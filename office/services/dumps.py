"""One database into one file and back: SQLite by its backup interface, PostgreSQL by its client programs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connection

from core.problems import Problem, Refused
from core.text import T

# Everything of the old database goes and everything of the dump comes in one transaction.
_EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def kind() -> str:
    """`sqlite` or `postgresql`."""
    return connection.vendor


def is_empty() -> bool:
    """Whether nobody could miss anything: no tables, or no people in them."""
    table = "accounts_user"
    if table not in connection.introspection.table_names():
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608  a constant
        return cursor.fetchone() is None


def dump(target: Path) -> None:
    """The whole database as of one moment."""
    if kind() == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(target)
        try:
            connection.connection.backup(copy)
        finally:
            copy.close()
        return
    _client("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={target}", _database())


def load(source: Path) -> None:
    """Puts the dump in place of the database: all or nothing."""
    if kind() == "sqlite":
        _load_sqlite(source)
        return
    script = source.with_suffix(".sql")
    _client("pg_restore", "--no-owner", "--no-acl", f"--file={script}", str(source))
    connection.close()
    steps = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc", f"--command={_EMPTY}"]
    _client("psql", *steps, f"--file={script}", f"--dbname={_database()}")


def _load_sqlite(source: Path) -> None:
    copy = sqlite3.connect(source)
    try:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Refused(Problem("backup.broken", T("备份中的数据库不完整。")))
        connection.ensure_connection()
        copy.backup(connection.connection)
    finally:
        copy.close()
    connection.close()


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _client(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        words = T(
            "本机没有 {program}。请安装 PostgreSQL 客户端（Debian：postgresql-client）。", program=program
        )
        raise Refused(Problem("backup.no_client", words))
    done = subprocess.run(  # noqa: S603  our own arguments
        [found, *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = T("{program} 未能完成：{error}", program=program, error=done.stderr.strip()[-500:])
        raise Refused(Problem("backup.client", words))


def _environment() -> dict[str, str]:
    """Where the server is, by environment: a password does not stand in the list of processes."""
    known = connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    given = {variable: str(known[name]) for name, variable in names.items() if known.get(name)}
    return {**os.environ, **given, "PGCLIENTENCODING": "UTF8", "TZ": settings.TIME_ZONE}
