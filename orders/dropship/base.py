"""What a way of telling a partner must be able to do. Network calls: never in a transaction.

Source: requirements O-28, I-23.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    """What came of telling."""

    TAKEN = "taken"
    BY_HAND = "by_hand"
    """No machine was told: a person has to."""
    TOO_LATE = "too_late"
    """Asked back, but the partner has sent it already."""


@dataclass(frozen=True, slots=True)
class OutboundLine:
    """Pieces of one SKU; ``code`` is the partner's own where it has one."""

    code: str
    sku: str
    title: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Outbound:
    """Everything a partner needs to send one parcel. ``number`` is ours and is one order, however
    often it is sent."""

    number: str
    warehouse: str
    receiver_name: str
    receiver_phone: str
    region_code: str
    place: str
    note: str
    lines: Sequence[OutboundLine]


class PartnerUnavailable(Exception):
    """Nobody answered, or nonsense came back: try again later."""


class Partner(ABC):
    """One way to one partner."""

    @abstractmethod
    def forward(self, outbound: Outbound) -> Word:
        """Hand over an order; the same number again is the same order. Raises:
        PartnerUnavailable."""

    @abstractmethod
    def recall(self, number: str) -> Word:
        """Ask an order back. A number that is asked back is never sent, not even when the order
        itself arrives later. Raises: PartnerUnavailable."""
