"""A flash sale goes live when its pieces are set aside out of normal stock (I-12).

Promotions cannot see stock: the approval is an event, orders asks inventory, and the answer comes
back here. Locks: the campaign, then its stock lock.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.kernel.outbox import publish
from promotions.events import FlashSaleApproved
from promotions.models import Campaign, StockLock
from promotions.services.campaigning_rows import Deed, Status, locked_campaign, turn
from promotions.services.gates import hold_plan, reasons_against

State = StockLock.State
LIVING = (Status.APPROVED, Status.LIVE, Status.PAUSED)
"""Statuses in which a flash sale has its pieces, or waits for them."""


def waits_for_stock(campaign: Campaign) -> bool:
    """True for a flash sale whose pieces are not set aside for what it says now. Queries: 0 or 1.

    A draft's goods may have changed since they were.
    """
    if campaign.kind != Campaign.Kind.FLASH:
        return False
    if campaign.status not in LIVING:
        return True
    return not StockLock.objects.filter(campaign=campaign, state=State.LOCKED).exists()


@transaction.atomic
def ask_for_stock(campaign: Campaign, at: datetime) -> None:
    """Let the pieces be set aside, in the transaction that approved it. Emits:
    FlashSaleApproved."""
    StockLock.objects.update_or_create(
        campaign=campaign,
        defaults={"state": State.ASKED, "reason": "", "asked_at": at, "changed_at": at},
    )
    publish(FlashSaleApproved(campaign_id=campaign.pk, version=campaign.version, at=at))


@transaction.atomic
def stock_wanted(*, campaign_id: int) -> dict[int, int] | None:
    """SKU id -> pieces that an approved flash sale asks for; None when it asks no more.

    Pieces that its orders hold already are not asked for again. Locks: the campaign, its stock
    lock, its goods. Queries: 3.
    """
    campaign = Campaign.objects.filter(pk=campaign_id).locked().first()
    lock = StockLock.objects.filter(campaign=campaign_id, state=State.ASKED).locked().first()
    if campaign is None or lock is None or campaign.status not in LIVING:
        return None
    return {item.sku_id: item.left for item in campaign.items.order_by("pk").locked()}


@transaction.atomic
def confirm_stock_lock(*, campaign_id: int, at: datetime, actor: Any = None) -> Campaign:
    """Its pieces are set aside: it goes live, unless a gate is shut; a second call changes nothing.

    What is shut in can be published by hand later. Locks: the campaign, its stock lock, its plan.
    Raises: NotFound. Emits: CampaignChanged.
    """
    campaign = locked_campaign(campaign_id)
    if not _answer(campaign, State.LOCKED, at):
        return campaign
    hold_plan(campaign)
    reasons = reasons_against(campaign, at)
    if campaign.status != Status.APPROVED or reasons:
        campaign.reason = "; ".join(reasons)[:200]
        campaign.save(update_fields=["reason"])
        return campaign
    campaign.reason = ""
    deed = Deed(verb="promotions.confirm_stock_lock", at=at, actor=actor)
    return turn(campaign, Status.LIVE, deed)


@transaction.atomic
def refuse_stock_lock(
    *, campaign_id: int, reason: str, at: datetime, actor: Any = None
) -> Campaign:
    """There is too little stock: it is a draft again, with the reason.

    Locks: the campaign, its stock lock. Raises: NotFound. Emits: CampaignChanged.
    """
    campaign = locked_campaign(campaign_id)
    if not _answer(campaign, State.REFUSED, at, reason[:200]):
        return campaign
    campaign.reason = _("too little stock: %(reason)s") % {"reason": reason}
    campaign.reason, campaign.checker = campaign.reason[:200], None
    deed = Deed(verb="promotions.refuse_stock_lock", at=at, actor=actor, reason=campaign.reason)
    return turn(campaign, Status.DRAFT, deed)


@transaction.atomic
def free_stock_lock(*, campaign_id: int, at: datetime) -> bool:
    """A flash sale that is over, or a draft again, keeps no pieces; False when it may keep them.

    Locks: the campaign, its stock lock. Queries: 3 at most.
    """
    Campaign.objects.filter(pk=campaign_id).locked().first()
    if Campaign.objects.keeping_stock(at).filter(pk=campaign_id).exists():
        return False
    StockLock.objects.filter(campaign=campaign_id, state__in=[State.ASKED, State.LOCKED]).update(
        state=State.FREED, changed_at=at
    )
    return True


def _answer(campaign: Campaign, state: str, at: datetime, reason: str = "") -> bool:
    """Note the answer; False when nobody asked, or an answer came before."""
    lock = StockLock.objects.filter(campaign=campaign, state=State.ASKED).locked().first()
    if lock is None or campaign.status not in LIVING:
        return False
    lock.state, lock.reason, lock.changed_at = state, reason, at
    lock.save(update_fields=["state", "reason", "changed_at"])
    return True
