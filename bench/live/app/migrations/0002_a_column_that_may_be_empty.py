"""Expand: a column that old code does not know and need not fill."""

from django.db import migrations, models

from bench.live.elsewhere import On


class Migration(migrations.Migration):
    dependencies = [("live", "0001_a_new_table")]
    operations = [
        On(
            "orders",
            migrations.AddField("order", "lane", models.CharField(max_length=20, null=True)),
        )
    ]
