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
from promotions.services.finding import (
    Finding,
    blocking_findings,
    is_rehearsed,
    override_findings,
    record_findings,
    record_goods_check,
    rehearsal_needed,
    rehearsal_policy,
    save_rehearsal_policy,
)
from promotions.services.issuing import issue_coupons
from promotions.services.placing import place_content, remove_content
from promotions.services.pricing import save_pricing_settings
from promotions.services.recording_rehearsals import (
    Window,
    fail_rehearsal,
    note_progress,
    open_rehearsal,
    record_rehearsal,
    take_rehearsal,
)
from promotions.services.using import lock_grants, unlock_grants, use_grants

__all__ = [
    "CampaignValues",
    "CouponValues",
    "Finding",
    "Window",
    "blocking_findings",
    "claim_coupon",
    "fail_rehearsal",
    "is_rehearsed",
    "issue_coupons",
    "lock_grants",
    "note_progress",
    "open_rehearsal",
    "override_findings",
    "pause_campaign",
    "pause_coupon",
    "place_content",
    "publish_campaign",
    "publish_coupon",
    "record_findings",
    "record_goods_check",
    "record_rehearsal",
    "rehearsal_needed",
    "rehearsal_policy",
    "remove_content",
    "run_dispatches",
    "save_campaign",
    "save_coupon",
    "save_pricing_settings",
    "save_rehearsal_policy",
    "start_dispatch",
    "stop_dispatch",
    "take_rehearsal",
    "unlock_grants",
    "use_grants",
]
