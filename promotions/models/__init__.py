"""For how much: campaigns, coupons, dispatches, pricing rules of the shop, content."""

from promotions.models.budget import BudgetUse
from promotions.models.campaign import Campaign, PricingSettings, SaleItem
from promotions.models.content import Announcement, Banner, HelpPage, HotWord
from promotions.models.coupon import Coupon, CouponDispatch, CouponGrant
from promotions.models.plan import CampaignPlan, PlanCheck, PlanForecast, PlanPhase
from promotions.models.rehearsal import (
    CampaignFinding,
    FindingOverride,
    Level,
    Rehearsal,
    RehearsalPolicy,
    RehearsedCampaign,
)
from promotions.models.scope import Scoped, ScopeKind
from promotions.models.yearly import YearlyEvent

__all__ = [
    "Announcement",
    "Banner",
    "BudgetUse",
    "Campaign",
    "CampaignFinding",
    "CampaignPlan",
    "Coupon",
    "CouponDispatch",
    "CouponGrant",
    "FindingOverride",
    "HelpPage",
    "HotWord",
    "Level",
    "PlanCheck",
    "PlanForecast",
    "PlanPhase",
    "PricingSettings",
    "Rehearsal",
    "RehearsalPolicy",
    "RehearsedCampaign",
    "SaleItem",
    "ScopeKind",
    "Scoped",
    "YearlyEvent",
]
