"""From presales that are over to what has to be made: the pieces that buyers have paid for.

Promotions knows what was taken, inventory what to buy; neither sees the other. Source: P-31, O-32,
I-38.
"""

from datetime import datetime

from django.db import transaction

from inventory.services import suggest_purchase
from promotions.selectors import presales_to_plan
from promotions.services import note_planned

PRESALE = "presale"


def plan_presales(at: datetime) -> int:
    """Suggest the purchase of every presale that is sold out or over, once. Returns how many.

    Each in its own transaction; running it twice plans none twice.
    """
    return sum(_plan(campaign_id, at) for campaign_id in presales_to_plan(at))


@transaction.atomic
def _plan(campaign_id: int, at: datetime) -> bool:
    """Locks: the campaign. Queries: 6."""
    plan = note_planned(campaign_id=campaign_id, at=at)
    if plan is None:
        return False
    suggest_purchase(
        pieces=plan.pieces,
        source_type=PRESALE,
        source_id=str(campaign_id),
        title=plan.title,
        due_on=plan.ships_on,
        at=at,
    )
    return True
