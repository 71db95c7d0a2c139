"""Shops of the mall: added and renamed, never deleted: products stand in them. Source: X-57."""

from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.models import Shop
from mall.kernel import audit

COLUMNS = ("code", "title_zh", "title_en", "sort")


@transaction.atomic
def save_shop(*, shop: Shop, at: datetime, actor: Any = None) -> Shop:
    """Store a shop with an audit row. No quote changes: only its name is shown beside prices."""
    known = Shop.objects.filter(pk=shop.pk).first() if shop.pk else None
    shop.save()
    audit.record(
        actor=actor,
        verb="catalog.save_shop",
        target=shop,
        at=at,
        before=_columns(known) if known else {},
        after=_columns(shop),
    )
    return shop


def _columns(shop: Shop) -> dict[str, str]:
    return {name: str(getattr(shop, name)) for name in COLUMNS}
