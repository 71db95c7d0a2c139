"""秒杀: what an order of a flash sale does beside counting its pieces. Source: P-19, O-56."""

from datetime import datetime
from functools import partial

from django.db import transaction

from promotions.models import OfferHold
from promotions.services import gating
from promotions.services.activities.base import Activity
from promotions.services.guarding import check_member


class FlashActivity(Activity):
    """Members who are shut out of offers buy nothing; the gate hears of pieces that come back."""

    def hold(self, hold: OfferHold, at: datetime) -> None:
        """Queries: 1. Raises: OriginBlocked."""
        check_member(hold.member_id, at)

    def free(self, hold: OfferHold, at: datetime) -> None:
        counter = gating.FlashCounter(hold.item.campaign_id, hold.item.sku_id)
        transaction.on_commit(partial(gating.forget, counter))
