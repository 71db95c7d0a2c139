"""Pieces between normal stock and flash sales: set aside on approval, free again after the end.

Promotions says what is wanted, inventory whether it is there; neither sees the other. Source: I-12;
design.md, section 6.
"""

from datetime import datetime

from django.db import transaction

from inventory.errors import OutOfStock
from inventory.selectors import holding_activities
from inventory.services import lock_for_activity, unlock_activity
from promotions.selectors import dead_activities
from promotions.services import (
    confirm_stock_lock,
    free_stock_lock,
    refuse_stock_lock,
    stock_wanted,
)


@transaction.atomic
def lock_flash_stock(*, campaign_id: int, at: datetime) -> bool:
    """Set aside what an approved flash sale asks for, or send it back with the reason.

    False when it asks no more. Locks: the campaign, its goods, then stock. Queries: 16 at most.
    """
    wanted = stock_wanted(campaign_id=campaign_id)
    if wanted is None:
        return False
    try:
        lock_for_activity(activity_id=str(campaign_id), wanted=wanted, at=at)
    except OutOfStock as refusal:
        unlock_activity(activity_id=str(campaign_id), at=at)
        refuse_stock_lock(campaign_id=campaign_id, reason=str(refusal), at=at)
        return False
    confirm_stock_lock(campaign_id=campaign_id, at=at)
    return True


def free_flash_stock(at: datetime) -> int:
    """Make free what flash sales hold that are over or drafts again; returns the pieces.

    The clock ends a sale, not this: nobody can buy in it any more. Queries: 2, and 7 a sale.
    """
    ids = [int(activity_id) for activity_id in holding_activities()]
    return sum(_free(campaign_id, at) for campaign_id in dead_activities(ids, at))


@transaction.atomic
def _free(campaign_id: int, at: datetime) -> int:
    if not free_stock_lock(campaign_id=campaign_id, at=at):
        return 0
    return unlock_activity(activity_id=str(campaign_id), at=at)
