"""Expand: NOT NULL at once, for the database fills what old code leaves out."""

from django.db import migrations, models

from bench.live.elsewhere import On


class Migration(migrations.Migration):
    dependencies = [("live", "0002_a_column_that_may_be_empty")]
    operations = [
        On(
            "orders",
            migrations.AddField("order", "urgency", models.SmallIntegerField(db_default=0)),
        )
    ]
