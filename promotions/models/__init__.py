"""For how much: campaigns, coupons, dispatches, pricing rules of the shop, content."""

from promotions.models.campaign import Campaign, PricingSettings, SaleItem
from promotions.models.content import Announcement, Banner, HelpPage, HotWord
from promotions.models.coupon import Coupon, CouponDispatch, CouponGrant
from promotions.models.scope import Scoped, ScopeKind

__all__ = [
    "Announcement",
    "Banner",
    "Campaign",
    "Coupon",
    "CouponDispatch",
    "CouponGrant",
    "HelpPage",
    "HotWord",
    "PricingSettings",
    "SaleItem",
    "ScopeKind",
    "Scoped",
]
