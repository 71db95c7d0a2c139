"""The price engine: ``price(basket, shopper, rules, at) -> Quote`` and its reasons. No Django.

A further rule kind is one file under ``rules/`` and one entry in ``rules/registry.py``.
"""

from promotions.engine.basket import GUEST, Basket, Line, Occasion, Offer, Shopper
from promotions.engine.best_coupons import BestCoupons, best_coupons
from promotions.engine.book import NO_RULES, Rules
from promotions.engine.budgets import costs_of
from promotions.engine.conflicts import Conflict, ConflictCode, conflicts
from promotions.engine.exceptions import EXCEPTIONS
from promotions.engine.explain import WhyNot, by_line, why_not
from promotions.engine.fingerprint import quote_hash
from promotions.engine.freight import FreightRate, FreightTemplate
from promotions.engine.gift import GiftLine, GiftNotice, GiftNoticeCode, GiftOption, Gifts
from promotions.engine.lanes import Lane
from promotions.engine.near import NearOffer, near_offers
from promotions.engine.price import piece_prices, price, settle
from promotions.engine.quote import (
    FreightQuote,
    FreightReason,
    PointsQuote,
    PriceStep,
    Quote,
    QuoteLine,
    TemplateFee,
)
from promotions.engine.refund import refund_of, unit_shares
from promotions.engine.refusals import (
    CouponRefused,
    OfferRefused,
    PointsNotInUnits,
    PointsOverCap,
    PriceRefusal,
    Undeliverable,
)
from promotions.engine.rules.bargain import BargainPrice
from promotions.engine.rules.base import Reason, Rule
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
from promotions.engine.rules.points import PointsRule
from promotions.engine.rules.presale import PresalePrice
from promotions.engine.rules.quantity_price import QuantityPrice
from promotions.engine.rules.registry import COUPON_KINDS, RULE_KINDS
from promotions.engine.rules.sale import Sale
from promotions.engine.rules.second_half_price import SecondHalfPrice
from promotions.engine.rules.threshold_off import ThresholdOff
from promotions.engine.rules.threshold_rate import ThresholdRate
from promotions.engine.rules.tier_rate import TierRate
from promotions.engine.scope import WHOLE_SHOP, Scope
from promotions.engine.settlement import Settlement
from promotions.engine.shops import ShopFreight, freight_by_shop
from promotions.engine.stacking import MATRIX, shut_lanes
from promotions.engine.wallet import CouponVerdict, judge_coupons

__all__ = [
    "COUPON_KINDS",
    "EXCEPTIONS",
    "GUEST",
    "MATRIX",
    "NO_RULES",
    "RULE_KINDS",
    "WHOLE_SHOP",
    "BargainPrice",
    "Basket",
    "BestCoupons",
    "BundlePrice",
    "Conflict",
    "ConflictCode",
    "CouponAmount",
    "CouponExchange",
    "CouponFreight",
    "CouponRate",
    "CouponRefused",
    "CouponRule",
    "CouponVerdict",
    "EveryOff",
    "FlashPrice",
    "FreeFreight",
    "FreightQuote",
    "FreightRate",
    "FreightReason",
    "FreightTemplate",
    "GiftLine",
    "GiftNotice",
    "GiftNoticeCode",
    "GiftOption",
    "GiftWithPurchase",
    "Gifts",
    "GroupPrice",
    "Lane",
    "Line",
    "LoyalRate",
    "MemberDay",
    "MemberPrice",
    "NearOffer",
    "Occasion",
    "Offer",
    "OfferRefused",
    "PiecesRate",
    "PointsNotInUnits",
    "PointsOverCap",
    "PointsQuote",
    "PointsRule",
    "PresalePrice",
    "PriceRefusal",
    "PriceStep",
    "QuantityPrice",
    "Quote",
    "QuoteLine",
    "Reason",
    "Rule",
    "Rules",
    "Sale",
    "Scope",
    "SecondHalfPrice",
    "Settlement",
    "ShopFreight",
    "Shopper",
    "TemplateFee",
    "ThresholdOff",
    "ThresholdRate",
    "TierFreeFreight",
    "TierRate",
    "Undeliverable",
    "WhyNot",
    "best_coupons",
    "by_line",
    "conflicts",
    "costs_of",
    "freight_by_shop",
    "judge_coupons",
    "near_offers",
    "piece_prices",
    "price",
    "quote_hash",
    "refund_of",
    "settle",
    "shut_lanes",
    "unit_shares",
    "why_not",
]
