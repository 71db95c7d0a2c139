"""The zones of what sells: goods that operators pinned, then the paid pieces of the last days.

Source: requirement C-10. The ranking is counted by a task and read here; a page adds nothing up.
"""

from datetime import datetime

from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Cast

from promotions.models import HotPin, HotSale, ZoneSettings

PINNED, SOLD = 0, 1


def hot_ids(at: datetime, limit: int) -> list[int]:
    """Products of the hot zone, pins in front, each once. Queries: 1."""
    pins = HotPin.objects.on(at).order_by()
    sales = HotSale.objects.filter(pieces__gt=0).order_by("-pieces", "-product_id")[:limit]
    rows = (
        pins.annotate(lane=Value(PINNED), place=Cast("sort", BigIntegerField()))
        .values_list("product_id", "lane", "place")
        .union(
            sales.annotate(
                lane=Value(SOLD), place=-Cast(F("pieces"), BigIntegerField())
            ).values_list("product_id", "lane", "place"),
            all=True,
        )
    )
    ranked = sorted(rows, key=lambda row: (row[1], row[2], -row[0]))
    return list(dict.fromkeys(product_id for product_id, _lane, _place in ranked))[:limit]


def zone_settings() -> ZoneSettings:
    """How many days count; the usual ones until somebody chose. Queries: 1."""
    return ZoneSettings.objects.first() or ZoneSettings()
