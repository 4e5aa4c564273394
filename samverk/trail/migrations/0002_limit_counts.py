"""The table of the shared counts behind samverk.kit.limits, made with the schema so that no separate step is forgotten."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
