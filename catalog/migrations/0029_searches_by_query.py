"""How often some queries were searched lately is counted without reading the whole log."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0028_bundles_kept")]
    operations = [
        AddIndexConcurrently(
            "searchlog", models.Index(fields=["query", "at"], name="search_log_by_query")
        )
    ]
