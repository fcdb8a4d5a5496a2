"""What was frozen, handed in, moved or published never changes, whoever writes: guards on both databases
(office.services.guards lifts them by their names when a database is emptied)."""

from django.db import migrations

_PUBLISHED = "EXISTS (SELECT 1 FROM evaluation_run r WHERE r.id = OLD.run_id AND r.state = 'published')"
_HANDED_IN = (
    "EXISTS (SELECT 1 FROM evaluation_assignment a WHERE a.id = OLD.assignment_id"
    " AND (a.submitted_at IS NOT NULL OR a.recused_at IS NOT NULL))"
)
_FACT_SAID = (
    "OLD.carrier_id <> NEW.carrier_id OR OLD.year <> NEW.year OR OLD.name <> NEW.name"
    " OR OLD.value <> NEW.value OR OLD.document <> NEW.document OR OLD.document_date <> NEW.document_date"
    " OR OLD.revoked_at IS NOT NULL"
)
GUARDS = (
    ("guard_evaluation_run", "evaluation_run", ("UPDATE", "DELETE"), "OLD.state = 'published'"),
    ("guard_evaluation_entry", "evaluation_runentry", ("UPDATE", "DELETE"), _PUBLISHED),
    (
        "guard_evaluation_frozen",
        "evaluation_runentry",
        ("UPDATE",),
        "OLD.frozen <> NEW.frozen OR OLD.left_out <> NEW.left_out OR OLD.carrier_id <> NEW.carrier_id"
        " OR OLD.run_id <> NEW.run_id",
    ),
    ("guard_evaluation_mark", "evaluation_mark", ("UPDATE", "DELETE"), _HANDED_IN),
    ("guard_evaluation_move", "evaluation_runmove", ("UPDATE", "DELETE"), "1 = 1"),
    (
        "guard_evaluation_scheme",
        "evaluation_scheme",
        ("UPDATE",),
        "OLD.code <> NEW.code OR OLD.version <> NEW.version OR OLD.source <> NEW.source"
        " OR OLD.digest <> NEW.digest",
    ),
    ("guard_evaluation_fact", "evaluation_carrierfact", ("UPDATE",), _FACT_SAID),
    ("guard_evaluation_fact_row", "evaluation_carrierfact", ("DELETE",), "1 = 1"),
    ("guard_evaluation_objection", "evaluation_objection", ("UPDATE", "DELETE"), "OLD.state <> 'filed'"),
)
MESSAGE = "what was evaluated is kept as it was"


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
    dependencies = [("evaluation", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
