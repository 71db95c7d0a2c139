"""The mall's side of the run: the sale before it, the books after it. Needs Django set up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Sum
from django.test import RequestFactory

from bench.flash.verdict import Plan
from mall.api.auth.tokens import open_device
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from members.testing import make_address, make_member
from orders.models import Order, OrderLineStep
from orders.testing import make_stocked_sku, pay
from promotions.models import ActivityItem, Campaign, Coupon, CouponGrant
from promotions.services import CampaignValues, Goods, publish_campaign, save_campaign
from promotions.testing import make_coupon, make_pricing_settings

LIST_FEN, FLASH_FEN, OFF_FEN = 10_000, 5_000, 1_000
NORMAL_PIECES = 10


def open_sale(plan: Plan, at: datetime) -> dict[str, Any]:
    """Buyers with addresses and tokens, goods with stock, a coupon, and a sale that is on."""
    skus = [
        make_stocked_sku(price_fen=LIST_FEN, on_hand=plan.units + NORMAL_PIECES)
        for _n in range(plan.skus)
    ]
    coupon = make_coupon(off_fen=OFF_FEN, total=plan.coupons, per_member=1)
    make_pricing_settings(approval_over_fen=None)
    campaign = save_campaign(
        values=CampaignValues(
            kind=Campaign.Kind.FLASH,
            title_zh="秒杀",
            title_en="Flash sale",
            starts_at=at - timedelta(minutes=1),
            ends_at=at + timedelta(hours=2),
            rule={"allows": ["coupon"], "pay_minutes": 60},
            goods=[Goods(sku_id=sku.pk, price_fen=FLASH_FEN, quota=plan.units) for sku in skus],
        ),
        at=at,
    )
    publish_campaign(campaign_id=campaign.pk, at=at)
    while relay_batch(at):
        pass
    campaign.refresh_from_db()
    if campaign.status != Campaign.Status.LIVE:
        raise SystemExit(f"the sale is {campaign.status}: {campaign.reason}")
    return {
        "campaign_id": campaign.pk,
        "coupon_id": coupon.pk,
        "skus": [sku.pk for sku in skus],
        "buyers": [_buyer() for _n in range(plan.buyers)],
    }


def _buyer() -> dict[str, Any]:
    member = make_member()
    tokens = open_device(RequestFactory().get("/"), member.account)
    return {"token": tokens["access"], "address_id": make_address(member=member).pk}


def close_sale(at: datetime) -> dict[str, Any]:
    """Pay what was ordered, deliver every event, and read the books."""
    for order in Order.objects.filter(status=Order.Status.UNPAID):
        pay(order, at=at)
    while relay_batch(at):
        pass
    live = Order.objects.exclude(status=Order.Status.CLOSED)
    results = list(audit())
    return {
        "orders": sorted(live.values_list("number", flat=True)),
        "sold": live.aggregate(pieces=Sum("lines__quantity"))["pieces"] or 0,
        "taken": ActivityItem.objects.aggregate(taken=Sum("taken"))["taken"],
        "issued": Coupon.objects.get().issued,
        "used": CouponGrant.objects.filter(state=CouponGrant.State.USED).count(),
        "doubled": len(live.values("member").annotate(n=Count("pk")).filter(n__gt=1)),
        "stray_coupons": _stray_coupons(),
        "checked": len(results),
        "laws": {law.code: list(found.rows) for law, found in results if found},
    }


def _stray_coupons() -> int:
    """Coupons that are not usable any more and do not lower exactly one live order."""
    spent = CouponGrant.objects.exclude(state=CouponGrant.State.USABLE)
    lowered = OrderLineStep.objects.filter(lane="coupon").exclude(
        line__order__status=Order.Status.CLOSED
    )
    orders = dict(
        lowered.order_by().values_list("source_id").annotate(n=Count("line__order", distinct=True))
    )
    ids = set(spent.values_list("pk", flat=True))
    return sum(orders.get(pk, 0) != 1 for pk in ids) + len(set(orders) - ids)
