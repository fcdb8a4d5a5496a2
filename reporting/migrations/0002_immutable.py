"""What was submitted never changes, whoever writes: guards on both databases (office.services.guards lifts
them by their names when a database is emptied)."""

from django.db import migrations

TRIGGERS = {
    "guard_reporting_version": ("reporting_returnversion", ("UPDATE", "DELETE"), "OLD.submitted_at IS NOT NULL"),
    "guard_reporting_row": ("reporting_rosterrow", ("INSERT", "UPDATE", "DELETE"), "version"),
    "guard_reporting_figure": ("reporting_returnfigure", ("INSERT", "UPDATE", "DELETE"), "version"),
    "guard_reporting_move": ("reporting_returnmove", ("UPDATE", "DELETE"), "1 = 1"),
    "guard_reporting_form": (
        "reporting_form",
        ("UPDATE",),
        "(OLD.code <> NEW.code OR OLD.version <> NEW.version OR OLD.source <> NEW.source"
        " OR OLD.digest <> NEW.digest OR OLD.title <> NEW.title)"
        " AND EXISTS (SELECT 1 FROM reporting_campaign WHERE form_id = OLD.id)",
    ),
}
_OF_VERSION = (
    "EXISTS (SELECT 1 FROM reporting_returnversion v WHERE v.id = {row}.version_id AND v.submitted_at IS NOT NULL)"
)
MESSAGE = "a submitted return does not change"


def _condition(condition, event):
    if condition != "version":
        return condition
    rows = {"INSERT": ["NEW"], "DELETE": ["OLD"], "UPDATE": ["OLD", "NEW"]}[event]
    return " OR ".join(_OF_VERSION.format(row=row) for row in rows)


def create(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    if on_postgresql:
        schema_editor.execute(
            "CREATE FUNCTION reporting_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for name, (table, events, condition) in TRIGGERS.items():
        for event in events:
            when = _condition(condition, event)
            full = f"{name}_{event.lower()}"
            if on_postgresql and "SELECT" not in when:
                schema_editor.execute(
                    f"CREATE TRIGGER {full} BEFORE {event} ON {table} FOR EACH ROW "
                    f"WHEN ({when}) EXECUTE FUNCTION reporting_refuse()"
                )
            elif on_postgresql:
                answer = "OLD" if event == "DELETE" else "NEW"
                schema_editor.execute(
                    f"CREATE FUNCTION {full}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
                    f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
                    f"END IF; RETURN {answer}; END $$"
                )
                schema_editor.execute(
                    f"CREATE TRIGGER {full} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {full}()"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {full} BEFORE {event} ON {table} FOR EACH ROW WHEN {when} "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )


def drop(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, (table, events, condition) in TRIGGERS.items():
        for event in events:
            full = f"{name}_{event.lower()}"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {full}{f' ON {table}' if on_postgresql else ''}")
            if on_postgresql:
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {full}()")
    if on_postgresql:
        schema_editor.execute("DROP FUNCTION IF EXISTS reporting_refuse()")


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
