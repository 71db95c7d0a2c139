"""The one row of pricing settings comes with the shop: 100 points are ¥1, at most half of the goods."""

from django.db import migrations


def put(apps, schema_editor):
    apps.get_model("promotions", "PricingSettings").objects.get_or_create(pk=1)


def take(apps, schema_editor):
    apps.get_model("promotions", "PricingSettings").objects.filter(pk=1).delete()


class Migration(migrations.Migration):
    dependencies = [("promotions", "0001_initial")]

    operations = [migrations.RunPython(put, take)]
