"""砍价: what an order of a bargain does beside counting its piece. Source: P-34."""

from datetime import datetime

from promotions.models import OfferHold
from promotions.services import bargaining
from promotions.services.activities.base import Activity


class BargainActivity(Activity):
    """The order's reference is the bargain of its buyer."""

    def hold(self, hold: OfferHold, at: datetime) -> None:
        """Raises: NotFound, BargainOver, OfferLimitReached."""
        bargaining.order_bargain(hold, at)

    def confirm(self, hold: OfferHold, at: datetime) -> str:
        bargaining.buy_bargain(hold)
        return ""

    def free(self, hold: OfferHold, at: datetime) -> None:
        bargaining.reopen_bargain(hold)
