"""The front door of promotions: every write, explicitly re-exported."""

from promotions.services.campaigning import CampaignValues, copy_campaign, save_campaign
from promotions.services.campaigning_approval import (
    approve_campaign,
    return_campaign,
    submit_campaign,
)
from promotions.services.campaigning_goods import Goods
from promotions.services.campaigning_life import (
    pause_campaign,
    publish_campaign,
    resume_campaign,
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
from promotions.services.gates import add_gate, reasons_against
from promotions.services.issuing import issue_coupons
from promotions.services.offering import OfferLine, confirm_offer, free_offer, hold_offer
from promotions.services.placing import place_content, remove_content
from promotions.services.pricing import needs_second_person, save_pricing_settings
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
    "Goods",
    "OfferLine",
    "Window",
    "add_gate",
    "approve_campaign",
    "blocking_findings",
    "claim_coupon",
    "confirm_offer",
    "copy_campaign",
    "fail_rehearsal",
    "free_offer",
    "hold_offer",
    "is_rehearsed",
    "issue_coupons",
    "lock_grants",
    "needs_second_person",
    "note_progress",
    "open_rehearsal",
    "override_findings",
    "pause_campaign",
    "pause_coupon",
    "place_content",
    "publish_campaign",
    "publish_coupon",
    "reasons_against",
    "record_findings",
    "record_goods_check",
    "record_rehearsal",
    "rehearsal_needed",
    "rehearsal_policy",
    "remove_content",
    "resume_campaign",
    "return_campaign",
    "run_dispatches",
    "save_campaign",
    "save_coupon",
    "save_pricing_settings",
    "save_rehearsal_policy",
    "start_dispatch",
    "stop_dispatch",
    "submit_campaign",
    "take_rehearsal",
    "unlock_grants",
    "use_grants",
]
