"""How far back the hot zone looks and how long goods are new. Source: requirements C-10, C-11."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from catalog.models import Product
from catalog.services import mark_shelf
from promotions.models import ZoneSettings
from promotions.selectors import zone_settings
from promotions.services.placing import place_content


@transaction.atomic
def save_zones(*, row: ZoneSettings, changed: Collection[str], at: datetime, actor: Any) -> None:
    """Keep the days of both zones; goods that are new by either the old or the new days have their
    badges made again. Queries: 4, 1 more when the days of new goods changed."""
    days = {zone_settings().new_days, row.new_days}
    place_content(row=row, changed=changed, at=at, actor=actor)
    if len(days) > 1:
        young = Product.objects.on_sale().filter(listed_at__gt=at - timedelta(days=max(days)))
        mark_shelf(young.values_list("pk", flat=True))
