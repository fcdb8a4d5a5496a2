"""`manage.py serving_role NAME`: the rights of the database role under which the portal serves."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from office.services import serving


class Command(BaseCommand):
    help = (
        "Gives the PostgreSQL role NAME what serving needs: it cannot change or delete the audit. "
        "Run as the owner of the tables, again after every migration; the password is set with ALTER ROLE."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument(
            "--print", action="store_true", dest="only_print", help="print the SQL, do nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            statements = serving.grants(connection, options["name"])
        except ValueError:
            raise CommandError(
                "A role's name has small letters, digits and _ and begins with a letter."
            ) from None
        if options["only_print"]:
            self.stdout.write(";\n".join(statements) + ";")
            return
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles; SQLite keeps the audit by its triggers.")
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        self.stdout.write(f"{options['name']}: {len(statements)} statements.")
