from django.db import migrations

from samverk.directory.likeness import like_key, name_key

BATCH = 500


def fill(apps, editor):
    """Organisations written before the keys existed get theirs."""
    organisations = apps.get_model("directory", "Organisation").objects.filter(name_key="")
    batch = []
    for organisation in organisations.only("id", "name").iterator(chunk_size=BATCH):
        organisation.name_key, organisation.like_key = (
            name_key(organisation.name),
            like_key(organisation.name),
        )
        batch.append(organisation)
        if len(batch) == BATCH:
            organisations.model.objects.bulk_update(batch, ["name_key", "like_key"])
            batch = []
    organisations.model.objects.bulk_update(batch, ["name_key", "like_key"])


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_keys_for_finding_duplicates")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
