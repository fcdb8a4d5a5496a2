"""What was recorded is neither changed nor deleted: the database refuses it."""

from django.db import migrations

from office.services.guards import keep_rows, release_rows

TABLES = ("office_auditentry", "office_auditseal")


def keep(apps, editor):
    for table in TABLES:
        keep_rows(editor, table)


def release(apps, editor):
    for table in TABLES:
        release_rows(editor, table)


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial")]
    operations = [migrations.RunPython(keep, release)]
