"""Goods that come to the shelf at an instant are found without reading all of them."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0024_shelf_card_begins")]
    operations = [
        AddIndexConcurrently(
            "product",
            models.Index(
                fields=["on_shelf_at"],
                condition=Q(on_shelf_at__isnull=False),
                name="product_comes_to_the_shelf",
            ),
        )
    ]
