"""What is picked for somebody: goods of the categories they like. Source: C-07, C-08."""

from datetime import datetime
from typing import Any

from catalog.selectors.cards import list_cards
from catalog.selectors.filters import CardFilters
from catalog.selectors.shelves import liked_cards
from catalog.selectors.weighing import weights


def picked_cards(
    account_id: int | None,
    *,
    with_views: bool = False,
    at: datetime,
    count: int,
    region_code: str = "",
) -> list[dict[str, Any]]:
    """Cards of goods in stock: of what the account likes, else what sells best.

    What it looked at is read ``with_views`` only. Queries: 1 for nobody, 2 for an account.
    """
    liked = []
    if account_id is not None:
        silent = () if with_views else None
        liked = [one.category_id for one in weights(at, account_id=account_id, silent=silent)]
    if account_id is None or not liked:
        filters = CardFilters(in_stock=True, region_code=region_code)
        return list_cards(filters, page_size=count, at=at).rows
    return liked_cards(liked, account_id=account_id, at=at, count=count, region_code=region_code)
