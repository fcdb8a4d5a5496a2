"""What was decided of money never changes, whoever writes: guards on both databases (office.services.guards
lifts them by their names when a database is emptied)."""

from django.db import migrations

_DECIDED = "EXISTS (SELECT 1 FROM funding_allocation a WHERE a.id = {row}.allocation_id AND a.state <> 'draft')"
_WORKED_OUT = (
    "OLD.policy_id <> NEW.policy_id OR OLD.run_id <> NEW.run_id OR OLD.claimed <> NEW.claimed"
    " OR OLD.allocated <> NEW.allocated OR OLD.result <> NEW.result"
    " OR OLD.result_digest <> NEW.result_digest"
)
GUARDS = (
    ("guard_funding_allocation", "funding_allocation", ("UPDATE", "DELETE"), "OLD.state <> 'draft'"),
    ("guard_funding_result", "funding_allocation", ("UPDATE",), _WORKED_OUT),
    ("guard_funding_award", "funding_award", ("UPDATE", "DELETE"), _DECIDED.format(row="OLD")),
    ("guard_funding_award_new", "funding_award", ("INSERT", "UPDATE"), _DECIDED.format(row="NEW")),
    (
        "guard_funding_policy",
        "funding_policy",
        ("UPDATE",),
        "OLD.code <> NEW.code OR OLD.version <> NEW.version OR OLD.source <> NEW.source"
        " OR OLD.digest <> NEW.digest",
    ),
)
MESSAGE = "what was decided of money is kept as it was"


def create(apps, schema_editor):
    for name, table, events, condition in GUARDS:
        for event in events:
            full = f"{name}_{event.lower()}"
            if schema_editor.connection.vendor == "postgresql":
                answer = "OLD" if event == "DELETE" else "NEW"
                schema_editor.execute(
                    f"CREATE FUNCTION {full}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                    f"IF {condition} THEN RAISE EXCEPTION '{MESSAGE}' "
                    f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {answer}; END $$"
                )
                schema_editor.execute(
                    f"CREATE TRIGGER {full} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {full}()"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {full} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition} "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )


def drop(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, events, _condition in GUARDS:
        for event in events:
            full = f"{name}_{event.lower()}"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {full}{f' ON {table}' if on_postgresql else ''}")
            if on_postgresql:
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {full}()")


class Migration(migrations.Migration):
    dependencies = [("funding", "0002_programmes")]

    operations = [migrations.RunPython(create, drop)]
