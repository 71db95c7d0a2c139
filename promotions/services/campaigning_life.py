"""A campaign goes live, is stopped at once, goes on. Source: requirements P-70, C-49.

Pausing is the kill switch: quotes that used the campaign are refused at placing, orders that were
placed keep their prices, and the trail says who stopped it and why.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from promotions.errors import CampaignNotReady
from promotions.models import Campaign
from promotions.services.campaigning_approval import said_reason
from promotions.services.campaigning_rows import (
    Deed,
    Status,
    check_ready,
    expect_status,
    locked_campaign,
    turn,
)
from promotions.services.gates import check_gates
from promotions.services.locking import ask_for_stock, waits_for_stock
from promotions.services.pricing import needs_second_person


@transaction.atomic
def publish_campaign(*, campaign_id: int, at: datetime, actor: Any = None) -> Campaign:
    """Let shoppers have it from ``starts_at`` on; a second call changes nothing.

    A flash sale waits, approved, until its pieces are set aside. Locks: the campaign. Raises:
    NotFound, CampaignWrongStatus, CampaignNotReady when it lacks something, is not approved though
    it must be, or a gate is shut. Emits: CampaignChanged, or FlashSaleApproved.
    """
    campaign = locked_campaign(campaign_id)
    if campaign.status == Status.LIVE:
        return campaign
    expect_status(campaign, Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)
    check_ready(campaign, at)
    if campaign.status != Status.APPROVED and needs_second_person(campaign):
        raise CampaignNotReady(title=campaign.title_zh, reason=_("nobody has approved it"))
    check_gates(campaign, at)
    return _go_live(campaign, Deed(verb="promotions.publish_campaign", at=at, actor=actor))


@transaction.atomic
def pause_campaign(*, campaign_id: int, reason: str, at: datetime, actor: Any = None) -> Campaign:
    """Stop it at once, with a reason; a second call changes nothing. Locks: the campaign.

    Raises: NotFound, CampaignWrongStatus, InvalidInput without a reason. Emits: CampaignChanged.
    """
    campaign = locked_campaign(campaign_id)
    if campaign.status == Status.PAUSED:
        return campaign
    expect_status(campaign, Status.LIVE)
    campaign.reason = said_reason(reason)
    deed = Deed(verb="promotions.pause_campaign", at=at, actor=actor, reason=campaign.reason)
    return turn(campaign, Status.PAUSED, deed)


@transaction.atomic
def resume_campaign(*, campaign_id: int, at: datetime, actor: Any = None) -> Campaign:
    """Let a paused one go on as it was; a change that needs approval made it a draft instead.

    Locks: the campaign. Raises: NotFound, CampaignWrongStatus, CampaignNotReady.
    Emits: CampaignChanged.
    """
    campaign = locked_campaign(campaign_id)
    expect_status(campaign, Status.PAUSED)
    check_ready(campaign, at)
    check_gates(campaign, at)
    return _go_live(campaign, Deed(verb="promotions.resume_campaign", at=at, actor=actor))


def _go_live(campaign: Campaign, deed: Deed) -> Campaign:
    """Live at once, or as soon as a flash sale has its pieces."""
    campaign.reason = ""
    if not waits_for_stock(campaign):
        return turn(campaign, Status.LIVE, deed)
    ask_for_stock(campaign, deed.at)
    return turn(campaign, Status.APPROVED, deed)
