"""What promotions do when something happens elsewhere."""

from mall.kernel.outbox import subscribe
from members.events import MemberJoined
from promotions.events import BudgetAlmostSpent
from promotions.models import Coupon
from promotions.services import issue_coupons, tell_budget

NEWCOMER = "newcomer"
"""Code of the coupon that every new member gets, while it is live."""


def give_newcomer_coupon(event: MemberJoined) -> None:
    """Give a new member the newcomer coupon, if the shop has one with pieces left."""
    coupon = Coupon.objects.open_at(event.at).filter(code=NEWCOMER).first()
    if coupon is not None:
        issue_coupons(
            coupon_id=coupon.pk,
            member_ids=[event.member_id],
            source_type="joined",
            source_id=str(event.member_id),
            at=event.at,
        )


def warn_of_budget(event: BudgetAlmostSpent) -> None:
    """Tell operators before, and when, a campaign stops for want of budget."""
    tell_budget(
        campaign_id=event.campaign_id,
        spent_fen=event.spent_fen,
        budget_fen=event.budget_fen,
        at=event.at,
    )


def connect() -> None:
    """Called once, from ``apps.py``."""
    subscribe(MemberJoined, give_newcomer_coupon)
    subscribe(BudgetAlmostSpent, warn_of_budget)
