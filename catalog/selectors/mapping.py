"""What a sitemap names of the catalogue: blocks of ids, so that a block keeps its goods (C-51)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Max
from django.db.models.functions import Coalesce

from catalog.models import Product

MAP_BLOCK = 25_000
"""Ids in one block; in two languages they are the 50,000 addresses that one map may have."""
CHANGED = Coalesce("relisted_at", "listed_at", "created_at")


def mapped_blocks(at: datetime) -> list[tuple[int, datetime]]:
    """The blocks that have goods on the shelf, with their last change. Queries: 1."""
    rows = (
        Product.objects.on_shelf(at)
        .annotate(block=F("pk") / MAP_BLOCK)
        .values("block")
        .annotate(changed_at=Max(CHANGED))
        .order_by("block")
    )
    return [(row["block"], row["changed_at"]) for row in rows]


def mapped_products(block: int, at: datetime) -> Iterable[tuple[int, Any]]:
    """(id, last change) of the goods of a block, in order. Queries: 1."""
    rows = Product.objects.on_shelf(at).filter(
        pk__gte=block * MAP_BLOCK, pk__lt=(block + 1) * MAP_BLOCK
    )
    return rows.order_by("pk").values_list("pk", CHANGED).iterator(chunk_size=2_000)
