"""The three moments of an activity's order at which its kind may have something to do."""

from datetime import datetime

from promotions.models import OfferHold


class Activity:
    """An activity that only counts its pieces. A kind overrides the moments it cares about.

    Each is called inside the order's transaction, before the quota's hot row is touched; what is
    raised undoes the whole verb. ``hold.item.campaign`` is in hand.
    """

    def hold(self, hold: OfferHold, at: datetime) -> None:
        """An order takes the pieces; it may get a reference here. Raises the kind's refusal."""

    def confirm(self, hold: OfferHold, at: datetime) -> str:
        """The order is paid. Returns the stage it waits in (`Order.Stage`), "" for none."""
        return ""

    def free(self, hold: OfferHold, at: datetime) -> None:
        """The order is closed, or wholly refunded: its pieces go back."""
