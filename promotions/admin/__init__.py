"""The operators' screens of promotions."""

from promotions.admin.campaign import CampaignAdmin
from promotions.admin.content import (
    AnnouncementAdmin,
    BannerAdmin,
    HelpPageAdmin,
    HotWordAdmin,
)
from promotions.admin.coupon import CouponAdmin, CouponGrantAdmin
from promotions.admin.dispatch import CouponDispatchAdmin
from promotions.admin.pricing import PricingSettingsAdmin

__all__ = [
    "AnnouncementAdmin",
    "BannerAdmin",
    "CampaignAdmin",
    "CouponAdmin",
    "CouponDispatchAdmin",
    "CouponGrantAdmin",
    "HelpPageAdmin",
    "HotWordAdmin",
    "PricingSettingsAdmin",
]
