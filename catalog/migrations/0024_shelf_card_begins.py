"""The next begin of a price window is found without reading the shelf through."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0023_shelf_card_ends")]
    operations = [
        AddIndexConcurrently(
            "shelfcard", models.Index(fields=["valid_from"], name="shelf_card_begins")
        )
    ]
