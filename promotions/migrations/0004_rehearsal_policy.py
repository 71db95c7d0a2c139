"""The one row of the rules of rehearsal comes with the shop; overrides are append-only."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


def put(apps, schema_editor):
    apps.get_model("promotions", "RehearsalPolicy").objects.get_or_create(pk=1)


def take(apps, schema_editor):
    apps.get_model("promotions", "RehearsalPolicy").objects.filter(pk=1).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("promotions", "0003_campaigns_of_every_kind"),
        ("kernel", "0003_append_only"),
    ]

    operations = [
        migrations.RunPython(put, take),
        AppendOnly("promotions_findingoverride"),
    ]
