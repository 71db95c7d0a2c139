"""The publishing policy's row comes with the shop."""

from django.db import migrations


def make_row(apps, schema_editor):
    apps.get_model("catalog", "PublishingPolicy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_screening_approval_qualification")]

    operations = [migrations.RunPython(make_row, migrations.RunPython.noop)]
