"""Builders of promotions for tests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from catalog.models import Sku
from members.models import Member
from members.testing import make_operator
from promotions import posters
from promotions.content import next_edge as next_edge
from promotions.models import (
    ActivityItem,
    Campaign,
    Coupon,
    CouponGrant,
    Lottery,
    PricingSettings,
    Prize,
    RedPacket,
    RedPacketFund,
    RehearsalPolicy,
    SaleItem,
)
from promotions.services import (
    approve_campaign,
    issue_coupons,
    open_packet,
    publish_campaign,
    submit_campaign,
)
from promotions.tests import engine_strategies

__all__ = [
    "AT",
    "ENDS_AT",
    "STARTS_AT",
    "bring_live",
    "engine_cases",
    "make_bargain",
    "make_campaign",
    "make_coupon",
    "make_grant",
    "make_group_buy",
    "make_lottery",
    "make_packet",
    "make_packet_fund",
    "make_pricing_settings",
    "make_prize",
    "make_sale",
    "make_threshold_off",
    "posters",
]

STARTS_AT = datetime(2020, 1, 1, tzinfo=UTC)
ENDS_AT = datetime(2099, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
_numbers = count(1)

engine_cases = engine_strategies.cases
"""Any basket, rules and shopper, for hypothesis."""


def make_coupon(*, off_fen: int = 1_000, **values: Any) -> Coupon:
    """A live, claimable coupon: ¥10 off without a threshold, 100 pieces."""
    number = next(_numbers)
    return Coupon.objects.create(
        **{
            "code": f"coupon-{number}",
            "title_zh": f"优惠券{number}",
            "title_en": f"Coupon {number}",
            "kind": Coupon.Kind.AMOUNT,
            "off_fen": off_fen,
            "total": 100,
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            "status": Coupon.Status.LIVE,
            **values,
        }
    )


def make_grant(*, member: Member, coupon: Coupon | None = None, at: datetime = AT) -> CouponGrant:
    """A member's usable copy of ``coupon``, given by the verb."""
    coupon = coupon or make_coupon()
    cause = f"test-{next(_numbers)}"
    issue_coupons(
        coupon_id=coupon.pk, member_ids=[member.pk], source_type="test", source_id=cause, at=at
    )
    coupon.refresh_from_db()
    return CouponGrant.objects.select_related("coupon").get(source_type="test", source_id=cause)


def make_threshold_off(
    *, steps: tuple[tuple[int, int], ...] = ((30_000, 5_000),), **values: Any
) -> Campaign:
    """A live 满减 over the whole shop: steps of (threshold fen, off fen)."""
    rule = {"steps": [{"threshold_fen": threshold, "off_fen": off} for threshold, off in steps]}
    return make_campaign(Campaign.Kind.THRESHOLD_OFF, rule=rule, **values)


def make_sale(*, prices: Mapping[int, int], **values: Any) -> Campaign:
    """A live sale with fixed prices (SKU id -> fen)."""
    campaign = make_campaign(Campaign.Kind.SALE, **values)
    SaleItem.objects.bulk_create(
        [
            SaleItem(campaign=campaign, sku_id=sku_id, price_fen=price_fen)
            for sku_id, price_fen in prices.items()
        ]
    )
    return campaign


def make_pricing_settings(**values: Any) -> PricingSettings:
    """The shop's pricing row: 100 points are worth ¥1, for at most half of the goods."""
    settings, _made = PricingSettings.objects.update_or_create(pk=1, defaults=values)
    return settings


def bring_live(campaign: Campaign, *, at: datetime = AT) -> Campaign:
    """Take a draft the whole way by its verbs: submitted, approved by another, published."""
    RehearsalPolicy.objects.update_or_create(pk=1, defaults={"need": RehearsalPolicy.Need.NEVER})
    submit_campaign(campaign_id=campaign.pk, at=at)
    approve_campaign(campaign_id=campaign.pk, actor=make_operator(), at=at)
    return publish_campaign(campaign_id=campaign.pk, at=at)


def make_campaign(kind: str, **values: Any) -> Campaign:
    """A live campaign over the whole shop; ``rule`` holds the numbers of its kind."""
    number = next(_numbers)
    return Campaign.objects.create(
        **{
            "kind": kind,
            "title_zh": f"活动{number}",
            "title_en": f"Campaign {number}",
            "status": Campaign.Status.LIVE,
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            **values,
        }
    )


def make_packet_fund(**values: Any) -> RedPacketFund:
    """A live fund: packets of ¥10 for 5 people, ¥100 of them."""
    return RedPacketFund.objects.create(
        **{
            "title_zh": "裂变红包",
            "title_en": "Red packet",
            "total_fen": 1_000,
            "shares": 5,
            "budget_fen": 10_000,
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            "status": RedPacketFund.Status.LIVE,
            **values,
        }
    )


def make_packet(
    *, fund: RedPacketFund | None = None, at: datetime = AT, **values: Any
) -> RedPacket:
    """An open packet of the shop's, by the verb; ``values`` are of its fund."""
    fund = fund or make_packet_fund(**values)
    return open_packet(fund_id=fund.pk, actor=make_operator(), at=at)


def make_lottery(*, blank: int = 1, **values: Any) -> Lottery:
    """A live lottery with a blank of this weight; add prizes by `make_prize`."""
    number = next(_numbers)
    lottery = Lottery.objects.create(
        **{
            "title_zh": f"抽奖{number}",
            "title_en": f"Draw {number}",
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            "status": Lottery.Status.LIVE,
            **values,
        }
    )
    make_prize(
        lottery,
        kind=Prize.Kind.NOTHING,
        title_zh="谢谢参与",
        title_en="Nothing this time",
        weight=blank,
        quota=None,
        points=0,
    )
    return lottery


def make_prize(lottery: Lottery, **values: Any) -> Prize:
    """A prize of 88 points, one piece, of weight 1."""
    return Prize.objects.create(
        lottery=lottery,
        **{
            "kind": Prize.Kind.POINTS,
            "title_zh": "88 积分",
            "title_en": "88 points",
            "points": 88,
            "weight": 1,
            "quota": 1,
            **values,
        },
    )


def make_group_buy(*skus: Sku, price_fen: int = 8_000, quota: int = 100, **rule: Any) -> Campaign:
    """A live group buy of ``skus``: three buyers within a day, unless ``rule`` says otherwise."""
    campaign = make_campaign(
        Campaign.Kind.GROUP, rule={"size": 3, "hours": 24, "pay_minutes": 15, **rule}
    )
    for sku in skus:
        ActivityItem.objects.create(campaign=campaign, sku=sku, price_fen=price_fen, quota=quota)
    return campaign


def make_bargain(
    *skus: Sku, price_fen: int = 8_000, floor_fen: int = 5_000, quota: int = 100, **rule: Any
) -> Campaign:
    """A live bargain over ``skus``: ten helps within a day, unless ``rule`` says otherwise."""
    campaign = make_campaign(Campaign.Kind.BARGAIN, rule={"helps": 10, "hours": 24, **rule})
    for sku in skus:
        ActivityItem.objects.create(
            campaign=campaign, sku=sku, price_fen=price_fen, floor_fen=floor_fen, quota=quota
        )
    return campaign
