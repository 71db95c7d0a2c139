"""What is new on the shelf. Source: requirement C-11."""

from datetime import datetime, timedelta
from typing import Any

from catalog.models import Product, PublishingPolicy, ShelfCard
from catalog.selectors.cards import card_rows
from catalog.selectors.regions import sold_to


def new_goods(
    at: datetime, days: int, *, count: int = 20, region_code: str = ""
) -> list[dict[str, Any]]:
    """Cards of goods first shown within the last ``days``, the newest in front. Queries: 1."""
    rows = ShelfCard.objects.at(at).filter(
        product__status=Product.Status.ON_SALE, listed_at__gt=at - timedelta(days=days)
    )
    cards = card_rows(sold_to(rows, region_code))
    return list(cards.order_by("-listed_at", "-product_id")[:count])


def new_days() -> int:
    """How long goods are new in this shop, as its publishing policy says. Queries: 1."""
    policy = PublishingPolicy.objects.first() or PublishingPolicy()
    return policy.new_days
