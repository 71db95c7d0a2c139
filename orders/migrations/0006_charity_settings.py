"""The one row of the charity comes with the shop, switched off."""

from django.db import migrations


def lay(apps, _schema_editor):
    apps.get_model("orders", "CharitySettings").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_charity")]

    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
