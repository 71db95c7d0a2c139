"""The front door of promotions: every write, explicitly re-exported."""

from promotions.posters import Poster
from promotions.services.announcing import send_due_phases
from promotions.services.arranging_content import (
    PageValues,
    block_texts,
    cancel_release,
    checked_blocks,
    copy_page,
    ensure_home,
    missing_things,
    page_findings,
    release_version,
    save_draft,
    save_page,
    take_down_page,
)
from promotions.services.bargaining import help_attempt, help_bargain, start_bargain
from promotions.services.branding import save_promise, save_site_settings, switch_maintenance
from promotions.services.budgeting import (
    charge_budgets,
    charge_budgets_again,
    return_budgets,
)
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
from promotions.services.claiming import Visit, claim_attempt, claim_coupon
from promotions.services.couponing import CouponValues, pause_coupon, publish_coupon, save_coupon
from promotions.services.dispatching import run_dispatches, start_dispatch, stop_dispatch
from promotions.services.drawing import draw_prize
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
from promotions.services.forgetting import forget_old_visits
from promotions.services.funding import (
    PacketFundValues,
    pause_packet_fund,
    publish_packet_fund,
    save_packet_fund,
)
from promotions.services.gates import add_gate, reasons_against
from promotions.services.gating import FlashCounter, FlashEntry, through_gate
from promotions.services.guarding import (
    Attempt,
    Footprint,
    block_origin,
    digest,
    forget_old_deeds,
    group_attempt,
    guard_deed,
    noting_refusals,
    unblock_origin,
)
from promotions.services.issuing import Words, issue_coupons
from promotions.services.landing import note_landing, note_registered, variant_of
from promotions.services.limiting import give_back_sales, take_of_sales, take_of_sales_again
from promotions.services.locking import (
    ask_for_stock,
    confirm_stock_lock,
    free_stock_lock,
    refuse_stock_lock,
    stock_wanted,
)
from promotions.services.offering import OfferLine, confirm_offer, free_offer, hold_offer
from promotions.services.placing import keep_help_version, place_content, remove_content
from promotions.services.planning import (
    PlanValues,
    approve_plan,
    confirm_stock,
    drop_plan,
    return_plan,
    save_plan,
    submit_plan,
)
from promotions.services.popping import note_closed, note_shown, save_pop_up
from promotions.services.postering import keep_poster
from promotions.services.preparing_draws import (
    LotteryValues,
    PrizeValues,
    pause_lottery,
    publish_lottery,
    save_lottery,
)
from promotions.services.preselling import SoldPresale, note_planned
from promotions.services.pricing import needs_second_person, save_pricing_settings
from promotions.services.ranking import put_hot_ranking
from promotions.services.recording_rehearsals import (
    Window,
    fail_rehearsal,
    note_progress,
    open_rehearsal,
    record_rehearsal,
    take_rehearsal,
)
from promotions.services.redeeming import (
    draw_codes,
    export_codes,
    order_codes,
    redeem_attempt,
    redeem_code,
    stop_codes,
)
from promotions.services.reminding import ask_reminder, drop_reminder, send_reminders
from promotions.services.sharing import credit_visit, open_share_link, share_attempt
from promotions.services.sharing_pages import note_visit, open_scene
from promotions.services.splitting import (
    claim_packet,
    end_order_packet,
    open_order_packet,
    open_packet,
    return_packets,
    send_packet,
)
from promotions.services.teaming import fail_due_teams
from promotions.services.using import coupon_amounts, lock_grants, unlock_grants, use_grants
from promotions.services.warning import tell_budget
from promotions.services.wording import word_findings
from promotions.services.zoning import save_zones

__all__ = [
    "Attempt",
    "CampaignValues",
    "CouponValues",
    "Finding",
    "FlashCounter",
    "FlashEntry",
    "Footprint",
    "Goods",
    "LotteryValues",
    "OfferLine",
    "PacketFundValues",
    "PageValues",
    "PlanValues",
    "PrizeValues",
    "SoldPresale",
    "Visit",
    "Window",
    "Words",
    "add_gate",
    "approve_campaign",
    "approve_plan",
    "ask_for_stock",
    "ask_reminder",
    "block_origin",
    "block_texts",
    "blocking_findings",
    "cancel_release",
    "charge_budgets",
    "charge_budgets_again",
    "checked_blocks",
    "claim_attempt",
    "claim_coupon",
    "claim_packet",
    "confirm_offer",
    "confirm_stock",
    "confirm_stock_lock",
    "copy_campaign",
    "copy_page",
    "coupon_amounts",
    "credit_visit",
    "digest",
    "draw_codes",
    "draw_prize",
    "drop_plan",
    "drop_reminder",
    "end_order_packet",
    "ensure_home",
    "export_codes",
    "fail_due_teams",
    "fail_rehearsal",
    "forget_old_deeds",
    "forget_old_visits",
    "free_offer",
    "free_stock_lock",
    "give_back_sales",
    "group_attempt",
    "guard_deed",
    "help_attempt",
    "help_bargain",
    "hold_offer",
    "is_rehearsed",
    "issue_coupons",
    "keep_help_version",
    "Poster",
    "keep_poster",
    "lock_grants",
    "missing_things",
    "needs_second_person",
    "note_closed",
    "note_landing",
    "note_planned",
    "note_progress",
    "note_registered",
    "note_shown",
    "note_visit",
    "noting_refusals",
    "open_order_packet",
    "open_packet",
    "open_rehearsal",
    "open_scene",
    "open_share_link",
    "order_codes",
    "override_findings",
    "page_findings",
    "pause_campaign",
    "pause_coupon",
    "pause_lottery",
    "pause_packet_fund",
    "place_content",
    "publish_campaign",
    "publish_coupon",
    "publish_lottery",
    "publish_packet_fund",
    "put_hot_ranking",
    "reasons_against",
    "record_findings",
    "record_goods_check",
    "record_rehearsal",
    "redeem_attempt",
    "redeem_code",
    "refuse_stock_lock",
    "rehearsal_needed",
    "rehearsal_policy",
    "release_version",
    "remove_content",
    "resume_campaign",
    "return_budgets",
    "return_campaign",
    "return_packets",
    "return_plan",
    "run_dispatches",
    "save_campaign",
    "save_coupon",
    "save_draft",
    "save_lottery",
    "save_packet_fund",
    "save_page",
    "save_plan",
    "save_pop_up",
    "save_promise",
    "save_zones",
    "save_pricing_settings",
    "save_rehearsal_policy",
    "save_site_settings",
    "send_due_phases",
    "send_packet",
    "send_reminders",
    "share_attempt",
    "start_bargain",
    "start_dispatch",
    "stock_wanted",
    "stop_codes",
    "stop_dispatch",
    "submit_campaign",
    "submit_plan",
    "switch_maintenance",
    "take_down_page",
    "take_of_sales",
    "take_of_sales_again",
    "take_rehearsal",
    "tell_budget",
    "through_gate",
    "unblock_origin",
    "unlock_grants",
    "use_grants",
    "variant_of",
    "word_findings",
]
