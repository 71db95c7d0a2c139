"""The next end of a price window is found without reading the shelf through."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0022_search_log_and_phrases")]
    operations = [
        AddIndexConcurrently(
            "shelfcard", models.Index(fields=["valid_until"], name="shelf_card_ends")
        )
    ]
