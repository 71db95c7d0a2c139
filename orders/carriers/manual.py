"""Carriers without an interface: operators type in what they hear, and phone for a courier."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from orders.carriers.base import DoorPickup, Parcel, PickupWord, Push, PushRefused, Scan, Tracker


class ManualTracker(Tracker):
    """Nobody is asked and nobody calls."""

    def subscribe(self, parcel: Parcel, *, at: datetime) -> None:
        """Nothing to subscribe to."""

    def read_push(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Push:
        raise PushRefused("not_pushed")

    def query(self, parcel: Parcel, *, at: datetime) -> Sequence[Scan]:
        return ()

    def order_pickup(self, pickup: DoorPickup, *, at: datetime) -> PickupWord:
        """An operator phones the carrier: there is no number but ours."""
        return PickupWord(pickup_no="")

    def cancel_pickup(self, number: str, *, at: datetime) -> None:
        """An operator phones the carrier."""
