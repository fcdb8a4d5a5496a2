import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from office.services.guards import keep_rows, release_rows

TABLE = "reporting_formchange"
NAME = "guard_reporting_formbefore"
# As guard_reporting_form of 0002: a version that a campaign has left is what earlier returns stand under.
CONDITION = (
    "(OLD.code <> NEW.code OR OLD.version <> NEW.version OR OLD.source <> NEW.source"
    " OR OLD.digest <> NEW.digest OR OLD.title <> NEW.title)"
    f" AND EXISTS (SELECT 1 FROM {TABLE} WHERE before_id = OLD.id)"
)
MESSAGE = "a form that returns stand under does not change"


def keep(apps, schema_editor):
    keep_rows(schema_editor, TABLE)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {CONDITION} THEN "
            f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON reporting_form FOR EACH ROW EXECUTE FUNCTION {NAME}()"
        )
    else:
        schema_editor.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON reporting_form FOR EACH ROW WHEN {CONDITION} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def release(apps, schema_editor):
    release_rows(schema_editor, TABLE)
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {NAME}{' ON reporting_form' if on_postgresql else ''}")
    if on_postgresql:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {NAME}()")


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0003_filled_on_behalf'),
        ('office', '0002_audit_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=8, verbose_name='已提交的')),
                ('reason', models.TextField(verbose_name='理由')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('moved', models.PositiveIntegerField(default=0)),
                ('stayed', models.PositiveIntegerField(default=0)),
                ('asked', models.PositiveIntegerField(default=0)),
                ('after', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reporting.form')),
                ('before', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reporting.form')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='form_changes', to='reporting.campaign')),
            ],
            options={
                'verbose_name': '表单换版',
                'ordering': ('campaign_id', 'at', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='form_change_has_a_reason'), models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='form_change_to_another')],
            },
        ),
        migrations.RunPython(keep, release),
    ]
