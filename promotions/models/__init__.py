"""For how much: campaigns, coupons, dispatches, pricing rules of the shop, content."""

from promotions.models.activity import ActivityItem, MemberTake, OfferHold
from promotions.models.bargain import BargainHelp, BargainStart
from promotions.models.budget import BudgetUse
from promotions.models.campaign import Campaign, PricingSettings, SaleItem
from promotions.models.content import Announcement, HelpPage, HelpVersion, HotWord
from promotions.models.coupon import Coupon, CouponGrant
from promotions.models.coupon_code import CodeBatch, CouponCode
from promotions.models.coupon_dispatch import CouponDispatch, CouponHoldout
from promotions.models.flash import FlashReminder, StockLock
from promotions.models.group_buy import Team, TeamSeat
from promotions.models.guarding import BlockedOrigin, Deed, DeedRecord, DeedRule, Origin
from promotions.models.landing import LandingPage, LandingVariant, LandingVisit
from promotions.models.live import LiveSession
from promotions.models.lottery import Draw, DrawDay, Lottery, Prize
from promotions.models.page import HOME_SLUG, ContentPage, PageRelease, PageVersion
from promotions.models.plan import CampaignPlan, PlanCheck, PlanForecast, PlanPhase
from promotions.models.popup import PopUp, PopUpSight
from promotions.models.presale import PresalePlan
from promotions.models.red_packet import RedPacket, RedPacketClaim, RedPacketFund
from promotions.models.rehearsal import (
    CampaignFinding,
    FindingOverride,
    Level,
    Rehearsal,
    RehearsalPolicy,
    RehearsedCampaign,
)
from promotions.models.sale_limit import SaleTake, SaleUse
from promotions.models.scope import Scoped, ScopeKind
from promotions.models.sharing import ShareCredit, ShareLink, ShareRule, ShareScene, ShareVisit
from promotions.models.site import Maintenance, ShopPromise, SiteSettings
from promotions.models.yearly import YearlyEvent
from promotions.models.zones import HotPin, HotSale, ZoneSettings

__all__ = [
    "HOME_SLUG",
    "ActivityItem",
    "Announcement",
    "BargainHelp",
    "BargainStart",
    "BlockedOrigin",
    "BudgetUse",
    "Campaign",
    "CampaignFinding",
    "CampaignPlan",
    "CodeBatch",
    "ContentPage",
    "Coupon",
    "CouponCode",
    "CouponDispatch",
    "CouponGrant",
    "CouponHoldout",
    "Deed",
    "DeedRecord",
    "DeedRule",
    "Draw",
    "DrawDay",
    "FindingOverride",
    "FlashReminder",
    "HelpPage",
    "HelpVersion",
    "HotPin",
    "HotSale",
    "HotWord",
    "LandingPage",
    "LandingVariant",
    "LandingVisit",
    "Level",
    "LiveSession",
    "Lottery",
    "Maintenance",
    "MemberTake",
    "OfferHold",
    "Origin",
    "PageRelease",
    "PageVersion",
    "PlanCheck",
    "PlanForecast",
    "PlanPhase",
    "PopUp",
    "PopUpSight",
    "PresalePlan",
    "PricingSettings",
    "Prize",
    "RedPacket",
    "RedPacketClaim",
    "RedPacketFund",
    "Rehearsal",
    "RehearsalPolicy",
    "RehearsedCampaign",
    "SaleItem",
    "SaleTake",
    "SaleUse",
    "ScopeKind",
    "Scoped",
    "ShareCredit",
    "ShareLink",
    "ShareRule",
    "ShareScene",
    "ShareVisit",
    "ShopPromise",
    "SiteSettings",
    "StockLock",
    "Team",
    "TeamSeat",
    "YearlyEvent",
    "ZoneSettings",
]
