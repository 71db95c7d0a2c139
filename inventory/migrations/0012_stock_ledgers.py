"""Losses are append-only; the rules of restocking come with the shop."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


def make_row(apps, schema_editor):
    apps.get_model("inventory", "RestockPolicy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0011_allocation_append_only")]

    operations = [
        AppendOnly("inventory_stockloss"),
        migrations.RunPython(make_row, migrations.RunPython.noop),
    ]
