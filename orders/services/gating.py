"""The part of the price gradient that needs stock: who is lured by a price can buy at it.

Source: requirement C-33; catalog asks through its gates.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.selectors import prices_at
from catalog.services import Finding
from inventory.selectors import available_pieces


def cheapest_in_stock(product: Product, at: datetime) -> Iterator[Finding]:
    """A finding when a product has dearer SKUs and none of its cheapest ones can be bought.

    Queries: 3; 2 when all SKUs cost the same.
    """
    skus = product.skus.filter(is_active=True, is_gift_only=False)
    tags = prices_at(list(skus.values_list("pk", flat=True)), at)
    prices = {sku_id: tag.price_fen for sku_id, tag in tags.items()}
    lowest = min(prices.values(), default=0)
    cheapest = [sku_id for sku_id, price_fen in prices.items() if price_fen == lowest]
    if len(cheapest) < len(prices) and not any(available_pieces(cheapest).values()):
        yield Finding("cheapest_sold_out", _("The cheapest SKU is out of stock"))
