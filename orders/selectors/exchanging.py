"""What the goods of an order may be exchanged for: another size or colour. Source: O-44."""

from collections.abc import Iterable
from datetime import datetime

from catalog.models import Sku
from catalog.selectors import SkuFacts, skus_for_pricing
from inventory.selectors import available_pieces
from orders.models import OrderLine


def exchange_choices(lines: Iterable[OrderLine], at: datetime) -> dict[int, list[SkuFacts]]:
    """Line id -> the other SKUs that may be sent instead: of the same product, at the same list
    price, with pieces free now. Lines without a choice are left out. Queries: 3."""
    wanted = list(lines)
    products = {line.product_id for line in wanted}
    rows = Sku.objects.filter(product__in=products, is_active=True).order_by("pk")
    skus = {
        pk: (product, fen) for pk, product, fen in rows.values_list("pk", "product", "price_fen")
    }
    free = available_pieces(list(skus))
    facts = skus_for_pricing(list(skus), at)
    found = {
        line.pk: [
            facts[pk]
            for pk, same in skus.items()
            if pk != line.sku_id and same == skus.get(line.sku_id or 0) and free[pk]
        ]
        for line in wanted
    }
    return {line_id: choices for line_id, choices in found.items() if choices}


def exchange_words(sku_ids: Iterable[int], at: datetime) -> dict[int, SkuFacts]:
    """What the SKUs are that are sent instead. Queries: 1, none without any."""
    wanted = list(sku_ids)
    return skus_for_pricing(wanted, at) if wanted else {}
