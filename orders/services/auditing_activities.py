"""The check of goods before they join a promotion: one answer a rule, kept with the campaign.

Only goods that a campaign prices itself are checked: fixed sale prices and goods of activities.
Source: C-49.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Sum

from catalog.models import Sku
from catalog.selectors import lowest_price_30d
from inventory.selectors import available_pieces
from mall.kernel.errors import NotFound
from orders.models import OrderLine
from promotions.models import Campaign, CampaignFinding, Level, RehearsalPolicy
from promotions.services import Finding, record_goods_check, rehearsal_policy

MOST_NAMED = 50
"""SKUs named in one finding; their number is told whole."""


@dataclass(frozen=True, slots=True)
class Joining:
    """One SKU that is to join: at what price, and how many pieces it may sell (0: no quota)."""

    sku_id: int
    code: str
    price_fen: int
    quota: int


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: its code, how bad it is to fail it, what each failing SKU lacks, its limits."""

    code: str
    level: str
    failed: Sequence[Mapping[str, Any]]
    limits: Mapping[str, int] = field(default_factory=dict)

    def finding(self, checked: int) -> Finding:
        """The rule's line of the result list; green when every SKU passed."""
        facts = {"checked": checked, "failed": len(self.failed), **self.limits}
        if not self.failed:
            return Finding(Level.GREEN, self.code, facts)
        return Finding(self.level, self.code, {**facts, "goods": list(self.failed[:MOST_NAMED])})


def check_goods(*, campaign_id: int, at: datetime, actor: Any = None) -> list[CampaignFinding]:
    """Check the campaign's goods as they stand and record the result list for its version.

    Queries: 14 at most, whatever the number of goods. Locks: the campaign. Raises: NotFound.
    """
    campaign = Campaign.objects.filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound
    findings = goods_findings(campaign, at)
    return record_goods_check(campaign_id=campaign_id, findings=findings, at=at, actor=actor)


def goods_findings(campaign: Campaign, at: datetime) -> list[Finding]:
    """One finding a rule: price against the lowest of 30 days, pieces sold before, stock, listing.

    Words are not looked for here: goods on sale have passed the screen, and the campaign's own are
    screened by a gate when it goes live. A campaign without goods of its own gets one amber finding
    instead. Queries: 7.
    """
    joining = _joining(campaign)
    if not joining:
        return [Finding(Level.AMBER, "goods_none")]
    policy = rehearsal_policy()
    checks = (
        Check("goods_price", policy.low_price_level, _too_dear(joining, at)),
        Check(
            "goods_sales",
            policy.sales_level,
            _too_new(joining, policy),
            {"least": policy.least_sales},
        ),
        Check("goods_stock", policy.stock_level, _too_few(joining)),
        Check(
            "goods_listing",
            policy.listing_level,
            _too_poor(joining, policy),
            {"least": policy.least_quality},
        ),
    )
    return [check.finding(len(joining)) for check in checks]


def _joining(campaign: Campaign) -> list[Joining]:
    if campaign.is_activity:
        rows = campaign.items.order_by("pk").values_list(
            "sku_id", "sku__code", "price_fen", "quota"
        )
        return [Joining(*row) for row in rows]
    priced = campaign.sale_items.order_by("pk").values_list("sku_id", "sku__code", "price_fen")
    return [Joining(*row, quota=0) for row in priced]


def _too_dear(joining: Iterable[Joining], at: datetime) -> list[dict[str, Any]]:
    """Goods above their lowest price of 30 days; what was not on offer then has none to keep."""
    lowest = lowest_price_30d([goods.sku_id for goods in joining], at)
    return [
        _failed(goods, price_fen=goods.price_fen, lowest_fen=lowest[goods.sku_id])
        for goods in joining
        if goods.sku_id in lowest and goods.price_fen > lowest[goods.sku_id]
    ]


def _too_new(joining: Iterable[Joining], policy: RehearsalPolicy) -> list[dict[str, Any]]:
    sold = paid_pieces([goods.sku_id for goods in joining])
    return [
        _failed(goods, sold=sold.get(goods.sku_id, 0), least=policy.least_sales)
        for goods in joining
        if sold.get(goods.sku_id, 0) < policy.least_sales
    ]


def _too_few(joining: Iterable[Joining]) -> list[dict[str, Any]]:
    """Goods with fewer free pieces than their quota; without a quota one must be there."""
    free = available_pieces([goods.sku_id for goods in joining])
    return [
        _failed(goods, free=free[goods.sku_id], needed=goods.quota or 1)
        for goods in joining
        if free[goods.sku_id] < (goods.quota or 1)
    ]


def _too_poor(joining: Iterable[Joining], policy: RehearsalPolicy) -> list[dict[str, Any]]:
    skus = Sku.objects.filter(pk__in=[goods.sku_id for goods in joining])
    scores = dict(skus.values_list("pk", "product__quality_score"))
    return [
        _failed(goods, score=scores[goods.sku_id], least=policy.least_quality)
        for goods in joining
        if scores[goods.sku_id] < policy.least_quality
    ]


def paid_pieces(sku_ids: Iterable[int]) -> dict[int, int]:
    """Pieces ever paid for and not paid back, gifts apart, by SKU id. Queries: 1."""
    rows = OrderLine.objects.filter(
        sku__in=list(sku_ids), is_gift=False, order__paid_at__isnull=False
    )
    kept = rows.order_by().values_list("sku_id").annotate(kept=Sum(F("quantity") - F("refunded")))
    return dict(kept)


def _failed(goods: Joining, **why: int) -> dict[str, Any]:
    return {"sku_id": goods.sku_id, "code": goods.code, **why}
