"""The front door of promotions: every write, explicitly re-exported."""

from promotions.services.campaigning import (
    CampaignValues,
    pause_campaign,
    publish_campaign,
    save_campaign,
)
from promotions.services.claiming import claim_coupon
from promotions.services.couponing import CouponValues, pause_coupon, publish_coupon, save_coupon
from promotions.services.dispatching import run_dispatches, start_dispatch, stop_dispatch
from promotions.services.issuing import issue_coupons
from promotions.services.placing import place_content, remove_content
from promotions.services.pricing import save_pricing_settings
from promotions.services.using import lock_grants, unlock_grants, use_grants

__all__ = [
    "CampaignValues",
    "CouponValues",
    "claim_coupon",
    "issue_coupons",
    "lock_grants",
    "pause_campaign",
    "pause_coupon",
    "place_content",
    "publish_campaign",
    "publish_coupon",
    "remove_content",
    "run_dispatches",
    "save_campaign",
    "save_coupon",
    "save_pricing_settings",
    "start_dispatch",
    "stop_dispatch",
    "unlock_grants",
    "use_grants",
]
