from django.db import migrations

from samverk.kit.search import search_index


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [search_index("directory_organisation")]
