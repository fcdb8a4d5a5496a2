"""The rights of the database role that serves: all it needs, nothing that would rewrite the past."""

from __future__ import annotations

import re

from django.db.backends.base.base import BaseDatabaseWrapper

from office.models import AuditEntry, AuditSeal

# Tables of which the serving role may only add and read rows.
ADD_ONLY = (AuditEntry._meta.db_table, AuditSeal._meta.db_table)


def role_name(name: str) -> str:
    """The name if it is a plain one; it goes into SQL as an identifier."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise ValueError(name)
    return name


def grants(connection: BaseDatabaseWrapper, role: str) -> list[str]:
    """The statements, for the owner of the tables; to be run again after every migration."""
    role = role_name(role)
    quote = connection.ops.quote_name
    owned = ", ".join(quote(table) for table in ADD_ONLY)
    return [
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') "
        f"THEN CREATE ROLE {role} LOGIN; END IF; END $$",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {owned} FROM {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON {quote('django_migrations')} FROM {role}",
    ]
