"""Our own shop, before any product points at it. Source: X-57."""

from django.db import migrations

OWN_SHOP_ID = 1


def make(apps, schema_editor):
    apps.get_model("catalog", "Shop").objects.get_or_create(
        pk=OWN_SHOP_ID,
        defaults={"code": "own", "title_zh": "自营", "title_en": "Our own shop", "is_own": True},
    )


def remove(apps, schema_editor):
    apps.get_model("catalog", "Shop").objects.filter(pk=OWN_SHOP_ID).delete()


SKIP_TAKEN_NUMBERS = """
SELECT setval(pg_get_serial_sequence('catalog_shop', 'id'), (SELECT max(id) FROM catalog_shop))
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0015_shops")]

    operations = [
        migrations.RunPython(make, remove),
        migrations.RunSQL(SKIP_TAKEN_NUMBERS, migrations.RunSQL.noop),
    ]
