"""Which campaigns a product takes part in, for its page. Cards get theirs by the shelf."""

from datetime import datetime

from catalog.models import Sku
from promotions import engine
from promotions.loading import campaign_rules
from promotions.models import Campaign


def product_offers(product_id: int, at: datetime) -> list[Campaign]:
    """Campaigns that hold for some SKU of the product at ``at``, first tried first. Queries: 3."""
    rules = campaign_rules(_lines_of(product_id), at, at + datetime.resolution)
    campaigns = Campaign.objects.filter(pk__in=[rule.rule_id for rule in rules])
    return list(campaigns.order_by("priority", "pk"))


def _lines_of(product_id: int) -> list[engine.Line]:
    rows = Sku.objects.filter(product=product_id, is_active=True).values_list(
        "pk", "product__category__path_ids", "product__brand_id", "price_fen"
    )
    return [
        engine.Line(
            key=str(sku_id),
            sku_id=sku_id,
            product_id=product_id,
            category_path=tuple(path),
            brand_id=brand_id,
            quantity=1,
            list_fen=price_fen,
            price_fen=price_fen,
        )
        for sku_id, path, brand_id, price_fen in rows.order_by("pk")
    ]
