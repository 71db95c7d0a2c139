"""A campaign is looked at before shoppers see it: submitted, approved by another, or returned.

Above the shop's limit (`PricingSettings.approval_over_fen`) who wrote it does not approve it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.kernel.errors import InvalidInput
from promotions.errors import SecondPersonNeeded
from promotions.models import Campaign
from promotions.services.campaigning_rows import (
    Deed,
    Status,
    check_ready,
    expect_status,
    locked_campaign,
    turn,
)
from promotions.services.locking import ask_for_stock, waits_for_stock
from promotions.services.pricing import needs_second_person
from promotions.services.second_person import wrote_at


@transaction.atomic
def submit_campaign(*, campaign_id: int, at: datetime, actor: Any = None) -> Campaign:
    """Hand a draft over for approval. Locks: the campaign. Raises: NotFound, CampaignWrongStatus,
    CampaignNotReady."""
    campaign = locked_campaign(campaign_id)
    expect_status(campaign, Status.DRAFT)
    check_ready(campaign, at)
    campaign.reason = ""
    return turn(
        campaign, Status.IN_REVIEW, Deed(verb="promotions.submit_campaign", at=at, actor=actor)
    )


@transaction.atomic
def approve_campaign(*, campaign_id: int, at: datetime, actor: Any = None) -> Campaign:
    """Say yes to what was submitted; a flash sale's pieces are asked for, and it goes live with
    them. Locks: the campaign. Raises: NotFound, CampaignWrongStatus, CampaignNotReady,
    SecondPersonNeeded. Emits: FlashSaleApproved."""
    campaign = locked_campaign(campaign_id)
    expect_status(campaign, Status.IN_REVIEW)
    check_ready(campaign, at)
    if needs_second_person(campaign) and not _is_another(campaign, actor):
        raise SecondPersonNeeded(title=campaign.title_zh)
    campaign.checker = actor
    if waits_for_stock(campaign):
        ask_for_stock(campaign, at)
    return turn(
        campaign, Status.APPROVED, Deed(verb="promotions.approve_campaign", at=at, actor=actor)
    )


@transaction.atomic
def return_campaign(*, campaign_id: int, reason: str, at: datetime, actor: Any = None) -> Campaign:
    """Send it back to be a draft, and say why. Locks: the campaign. Raises: NotFound,
    CampaignWrongStatus, InvalidInput without a reason."""
    campaign = locked_campaign(campaign_id)
    expect_status(campaign, Status.IN_REVIEW, Status.APPROVED)
    campaign.reason, campaign.checker = said_reason(reason), None
    deed = Deed(verb="promotions.return_campaign", at=at, actor=actor, reason=campaign.reason)
    return turn(campaign, Status.DRAFT, deed)


def said_reason(reason: str) -> str:
    """The reason, which must be one. Raises: InvalidInput."""
    text = reason.strip()
    if not 0 < len(text) <= 200:
        raise InvalidInput(field="reason", allowed=_("a reason of at most 200 letters"))
    return text


def _is_another(campaign: Campaign, actor: Any) -> bool:
    """Nobody who wrote at this draft, by the audit trail: a small last change hides no author."""
    if actor is None:
        return False
    wrote = wrote_at(campaign, "promotions.save_campaign", actor)
    return actor.pk != campaign.maker_id and not wrote
