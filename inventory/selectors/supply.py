"""On what terms goods can be ordered. Source: requirement I-37."""

from collections import defaultdict
from collections.abc import Iterable

from inventory.forecast import Terms
from inventory.models import RestockPolicy, SupplierSku
from inventory.scoring.choice import Offer, chosen_offer


def supply_terms(sku_ids: Iterable[int], policy: RestockPolicy) -> dict[int, Terms]:
    """Smallest order and lead time of each SKU: the best supplier's, else the shop's own.

    Queries: 1.
    """
    ids = list(sku_ids)
    offers: dict[int, list[Offer]] = defaultdict(list)
    for goods in (
        SupplierSku.objects.offered().filter(sku__in=ids).select_related("supplier").order_by("pk")
    ):
        offers[goods.sku_id].append(
            Offer(
                goods_id=goods.pk,
                supplier_id=goods.supplier_id,
                grade=goods.supplier.grade,
                cost_fen=goods.cost_fen,
                moq=goods.moq or goods.supplier.moq,
                lead_days=(
                    goods.supplier.lead_days if goods.lead_days is None else goods.lead_days
                ),
            )
        )
    own = Terms(policy.minimum_order, policy.lead_days)
    best = {sku_id: chosen_offer(offers[sku_id]) for sku_id in ids}
    return {
        sku_id: Terms(offer.moq, offer.lead_days) if offer else own
        for sku_id, offer in best.items()
    }
