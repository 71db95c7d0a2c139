"""Which campaigns a product takes part in, for its page. Cards get theirs by the shelf."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from catalog.selectors import SkuFacts
from mall.kernel.db import Prepared
from members.models import Tier
from promotions import engine
from promotions.loading import campaign_rules
from promotions.models import ActivityItem, Campaign


@dataclass(frozen=True, slots=True)
class MemberTag:
    """A price that some tiers have, shown to everybody: 黄金价 ¥90 (C-31)."""

    price_fen: int
    tiers: Sequence[Tier]


@dataclass(frozen=True, slots=True)
class Deal:
    """What holds for SKUs at an instant: (price, list price) in fen by SKU id, campaigns, and the
    lowest member price of each campaign that has them, by its id."""

    prices: Mapping[int, tuple[int, int]]
    campaigns: Sequence[Campaign]
    member_tags: Mapping[int, MemberTag] = field(default_factory=dict)


def deal_on(skus: Mapping[int, SkuFacts], at: datetime) -> Deal:
    """One piece's price for everybody, the campaigns and activities on these SKUs.

    A member day is among them on its days only. Queries: 2, and 1 with a member price.
    """
    lines = tuple(_line_of(facts) for facts in skus.values())
    found = campaign_rules(lines, at, at + datetime.resolution) if lines else ()
    today = engine.Occasion(engine.GUEST, None, at)
    rules = [rule for rule in found if rule.refusal(today) is not engine.Reason.NOT_TODAY]
    book = engine.Rules(promotions=tuple(rules))
    pieces = engine.piece_prices(lines, engine.GUEST, book, at)
    rule_ids = {rule.rule_id for rule in rules}
    return Deal(
        prices={
            sku_id: (pieces[str(sku_id)], facts.list_price_fen) for sku_id, facts in skus.items()
        },
        campaigns=_campaigns(rule_ids=rule_ids, sku_ids=list(skus), at=at) if skus else [],
        member_tags=_member_tags(rules),
    )


@Prepared
def _campaigns(*, rule_ids: Collection[int], sku_ids: Collection[int], at: datetime) -> Any:
    """These campaigns, and those with an activity on the SKUs, in their order."""
    items = ActivityItem.objects.filter(sku__in=sku_ids)
    on_goods = Campaign.objects.active_at(at).filter(pk__in=items.values("campaign"))
    found = Campaign.objects.filter(Q(pk__in=rule_ids) | Q(pk__in=on_goods.values("pk")))
    return found.order_by("priority", "pk")


def _member_tags(rules: Iterable[engine.Rule]) -> dict[int, MemberTag]:
    """Queries: 0 without a member price, else 1."""
    priced = [rule for rule in rules if isinstance(rule, engine.MemberPrice) and rule.prices]
    if not priced:
        return {}
    tiers = list(Tier.objects.order_by("rank"))
    return {
        rule.rule_id: MemberTag(
            price_fen=min(rule.prices.values()),
            tiers=[tier for tier in tiers if tier.code in rule.tier_codes],
        )
        for rule in priced
    }


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
