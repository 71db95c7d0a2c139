"""All rule kinds by name. A new kind is one file beside this one and one entry here."""

from collections.abc import Mapping

from promotions.engine.rules.bargain import BargainPrice
from promotions.engine.rules.base import Rule
from promotions.engine.rules.bundle_price import BundlePrice
from promotions.engine.rules.coupon import CouponRule
from promotions.engine.rules.coupon_amount import CouponAmount
from promotions.engine.rules.coupon_exchange import CouponExchange
from promotions.engine.rules.coupon_freight import CouponFreight
from promotions.engine.rules.coupon_rate import CouponRate
from promotions.engine.rules.every_off import EveryOff
from promotions.engine.rules.flash import FlashPrice
from promotions.engine.rules.free_freight import FreeFreight, TierFreeFreight
from promotions.engine.rules.gift import GiftWithPurchase
from promotions.engine.rules.group import GroupPrice
from promotions.engine.rules.loyal_rate import LoyalRate
from promotions.engine.rules.member_day import MemberDay
from promotions.engine.rules.member_price import MemberPrice
from promotions.engine.rules.pieces_rate import PiecesRate
from promotions.engine.rules.presale import PresalePrice
from promotions.engine.rules.quantity_price import QuantityPrice
from promotions.engine.rules.sale import Sale
from promotions.engine.rules.second_half_price import SecondHalfPrice
from promotions.engine.rules.threshold_off import ThresholdOff
from promotions.engine.rules.threshold_rate import ThresholdRate
from promotions.engine.rules.tier_rate import TierRate

RULE_KINDS: Mapping[str, type[Rule]] = {
    rule.kind: rule
    for rule in (
        Sale,
        QuantityPrice,
        MemberPrice,
        FlashPrice,
        GroupPrice,
        BargainPrice,
        PresalePrice,
        SecondHalfPrice,
        PiecesRate,
        BundlePrice,
        GiftWithPurchase,
        ThresholdOff,
        ThresholdRate,
        EveryOff,
        TierRate,
        MemberDay,
        LoyalRate,
        CouponAmount,
        CouponRate,
        CouponExchange,
        CouponFreight,
        FreeFreight,
        TierFreeFreight,
    )
}
"""Rule class by the kind that rows, steps and labels carry."""

COUPON_KINDS: Mapping[str, type[CouponRule]] = {
    "amount": CouponAmount,
    "rate": CouponRate,
    "free_freight": CouponFreight,
    "exchange": CouponExchange,
}
"""Coupon rule class by the short kind a coupon template carries."""
