"""Which campaigns a product takes part in, for its page. Cards get theirs by the shelf."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from catalog.selectors import SkuFacts
from promotions import engine
from promotions.loading import campaign_rules
from promotions.models import ActivityItem, Campaign


@dataclass(frozen=True, slots=True)
class Deal:
    """What holds for SKUs at an instant: (price, list price) in fen by SKU id, and campaigns."""

    prices: Mapping[int, tuple[int, int]]
    campaigns: Sequence[Campaign]


def deal_on(skus: Mapping[int, SkuFacts], at: datetime) -> Deal:
    """One piece's price for everybody, the campaigns and activities on these SKUs. Queries: 2."""
    lines = tuple(_line_of(facts) for facts in skus.values())
    rules = campaign_rules(lines, at, at + datetime.resolution) if lines else ()
    book = engine.Rules(promotions=rules)
    pieces = engine.piece_prices(lines, engine.GUEST, book, at)
    items = ActivityItem.objects.filter(sku__in=list(skus))
    on_goods = Campaign.objects.active_at(at).filter(pk__in=items.values("campaign"))
    campaigns = Campaign.objects.filter(
        Q(pk__in=[rule.rule_id for rule in rules]) | Q(pk__in=on_goods.values("pk"))
    )
    return Deal(
        prices={
            sku_id: (pieces[str(sku_id)], facts.list_price_fen) for sku_id, facts in skus.items()
        },
        campaigns=list(campaigns.order_by("priority", "pk")) if skus else [],
    )


def _line_of(facts: SkuFacts) -> engine.Line:
    return engine.Line(
        key=str(facts.id),
        sku_id=facts.id,
        product_id=facts.product_id,
        category_path=facts.category_path,
        brand_id=facts.brand_id,
        quantity=1,
        list_fen=facts.list_price_fen,
        price_fen=facts.price_fen,
    )
