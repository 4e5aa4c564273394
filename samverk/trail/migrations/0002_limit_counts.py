"""Nothing any more: counts of limits stood in a table of the cache once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]
    operations = []
