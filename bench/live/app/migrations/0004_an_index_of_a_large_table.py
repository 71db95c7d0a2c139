"""An index made beside the traffic."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from bench.live.elsewhere import On


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("live", "0003_a_column_with_a_default_of_the_database")]
    operations = [
        On(
            "kernel",
            AddIndexConcurrently(
                "outboxevent", models.Index(fields=["written_at"], name="live_at")
            ),
        )
    ]
