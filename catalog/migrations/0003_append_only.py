"""The ledgers of this app are append-only."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_initial"), ("kernel", "0003_append_only")]

    operations = [
        AppendOnly("catalog_pricehistory"),
    ]
