"""The operators' screens of promotions."""

from promotions.admin.bargain import BargainStartAdmin
from promotions.admin.campaign import CampaignAdmin
from promotions.admin.content import (
    AnnouncementAdmin,
    HelpPageAdmin,
    HotWordAdmin,
)
from promotions.admin.coupon import CouponAdmin
from promotions.admin.coupon_code import CodeBatchAdmin
from promotions.admin.coupon_grant import CouponGrantAdmin
from promotions.admin.coupon_guarding import BlockedOriginAdmin, DeedRecordAdmin, DeedRuleAdmin
from promotions.admin.coupon_sharing import LiveSessionAdmin, ShareCreditAdmin, ShareRuleAdmin
from promotions.admin.dispatch import CouponDispatchAdmin
from promotions.admin.flash import StockLockAdmin
from promotions.admin.group_buy import TeamAdmin
from promotions.admin.lottery import DrawAdmin, LotteryAdmin
from promotions.admin.page import ContentPageAdmin
from promotions.admin.plan import CampaignPlanAdmin, YearlyEventAdmin
from promotions.admin.pricing import PricingSettingsAdmin
from promotions.admin.red_packet import RedPacketAdmin, RedPacketFundAdmin
from promotions.admin.rehearsal import RehearsalPolicyAdmin
from promotions.admin.site import (
    HotPinAdmin,
    HotSaleAdmin,
    LandingPageAdmin,
    MaintenanceAdmin,
    PopUpAdmin,
    SiteSettingsAdmin,
    ZoneSettingsAdmin,
)

__all__ = [
    "HotPinAdmin",
    "HotSaleAdmin",
    "LandingPageAdmin",
    "MaintenanceAdmin",
    "PopUpAdmin",
    "SiteSettingsAdmin",
    "ZoneSettingsAdmin",
    "AnnouncementAdmin",
    "BargainStartAdmin",
    "BlockedOriginAdmin",
    "CampaignAdmin",
    "CampaignPlanAdmin",
    "CodeBatchAdmin",
    "ContentPageAdmin",
    "CouponAdmin",
    "CouponDispatchAdmin",
    "CouponGrantAdmin",
    "DeedRecordAdmin",
    "DeedRuleAdmin",
    "DrawAdmin",
    "HelpPageAdmin",
    "HotWordAdmin",
    "LiveSessionAdmin",
    "LotteryAdmin",
    "PricingSettingsAdmin",
    "RedPacketAdmin",
    "RedPacketFundAdmin",
    "RehearsalPolicyAdmin",
    "ShareCreditAdmin",
    "ShareRuleAdmin",
    "StockLockAdmin",
    "TeamAdmin",
    "YearlyEventAdmin",
]
