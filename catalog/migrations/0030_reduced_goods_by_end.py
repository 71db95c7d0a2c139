"""Goods whose price ends first are found without reading the whole shelf."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0029_searches_by_query")]
    operations = [
        AddIndexConcurrently(
            "shelfcard",
            models.Index(
                fields=["valid_until", "product"],
                condition=models.Q(in_stock=True, price_fen__lt=models.F("list_price_fen")),
                name="shelf_of_reduced",
            ),
        )
    ]
