"""What a way of following parcels must be able to do. Network calls: never in a transaction.

Source: requirements O-19, O-46.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as a carrier knows it. ``phone_tail`` are the last four digits of its receiver."""

    carrier: str
    tracking_no: str
    phone_tail: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """One thing that happened to a parcel; ``code`` is one of ours (ShipmentTrace.Code)."""

    code: str
    at: datetime
    place: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Push:
    """A verified call-back: who sent it is beyond doubt."""

    push_id: str
    parcel: Parcel
    scans: Sequence[Scan]


@dataclass(frozen=True, slots=True)
class DoorPickup:
    """A courier is to fetch a parcel at somebody's door; ``number`` is ours and is one order,
    however often it is sent."""

    number: str
    carrier: str
    name: str
    phone: str
    region_code: str
    address: str
    goods: str
    window_from: datetime
    window_until: datetime


@dataclass(frozen=True, slots=True)
class PickupWord:
    """What the other side says of a pick-up: its own number, and the parcel's once it is known."""

    pickup_no: str
    tracking_no: str = ""


class PushRefused(Exception):
    """The call-back is not what it says it is. ``reason`` is a short code for the log and the
    answer."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class CarrierUnavailable(Exception):
    """Nobody answered, or nonsense came back: try again later."""


class Tracker(ABC):
    """One way of following parcels."""

    @abstractmethod
    def subscribe(self, parcel: Parcel, *, at: datetime) -> None:
        """Ask to be told about a parcel; again changes nothing. Raises: CarrierUnavailable."""

    @abstractmethod
    def read_push(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Push:
        """Verify signature and time of a call-back. Raises: PushRefused."""

    @abstractmethod
    def query(self, parcel: Parcel, *, at: datetime) -> Sequence[Scan]:
        """Ask what happened so far. Raises: CarrierUnavailable."""

    @abstractmethod
    def order_pickup(self, pickup: DoorPickup, *, at: datetime) -> PickupWord:
        """Send a courier to a door. Raises: CarrierUnavailable."""

    @abstractmethod
    def cancel_pickup(self, number: str, *, at: datetime) -> None:
        """The courier need not come; again changes nothing. Raises: CarrierUnavailable."""
