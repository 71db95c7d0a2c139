"""Prices for a short time that have just begun. Source: P-67."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from promotions.models import ActivityItem, Campaign, SaleItem


@dataclass(frozen=True, slots=True)
class OfferBegun:
    """The lowest price of a product in an offer that has just begun, and its end."""

    product_id: int
    price_fen: int
    ends_at: datetime


def offers_begun(at: datetime, within: timedelta) -> list[OfferBegun]:
    """Goods of sales and flash sales for everybody that began within that time and are on; of a
    product the lowest price. Queries: 2."""
    news = Campaign.objects.filter(
        status=Campaign.Status.LIVE,
        starts_at__gt=at - within,
        starts_at__lte=at,
        ends_at__gt=at,
        tier_codes=[],
        region_prefixes=[],
    )
    columns = ("sku__product_id", "price_fen", "campaign__ends_at")
    found: dict[int, OfferBegun] = {}
    for model, kind in ((SaleItem, Campaign.Kind.SALE), (ActivityItem, Campaign.Kind.FLASH)):
        rows = model._default_manager.filter(campaign__in=news.filter(kind=kind))
        for product_id, price_fen, ends_at in rows.values_list(*columns):
            known = found.get(product_id)
            if known is None or price_fen < known.price_fen:
                found[product_id] = OfferBegun(product_id, price_fen, ends_at)
    return list(found.values())
