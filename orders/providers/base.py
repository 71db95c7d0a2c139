"""What a payment provider must be able to do. Everything here may be a network call: never in a
transaction.

Source: design.md, section 8; reliability.md 0.2 (the rules of Chinese payments).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class TradeState(StrEnum):
    """How a payment stands in the provider's own book."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trade:
    """What the provider says about one of our payments. Amounts in fen."""

    payment_no: str
    state: TradeState
    transaction_id: str = ""
    amount_fen: int = 0
    currency: str = "CNY"
    paid_at: datetime | None = None
    failure_code: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified notice: who sent it is beyond doubt, what it says is not yet believed."""

    notice_id: str
    trade: Trade


class NoticeRefused(Exception):
    """The notice is not what it says it is. ``reason`` is a short code for the log and the
    answer."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class ProviderUnavailable(Exception):
    """The provider did not answer, or answered nonsense: try again later."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid: told to the provider when a payment starts."""

    payment_no: str
    order_number: str
    amount_fen: int
    scene: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Action:
    """What the shopper's client does next: ``wx_params``, ``redirect``, ``qr`` or ``none``."""

    type: str
    url: str | None = None
    code_url: str | None = None
    params: Mapping[str, str] | None = field(default=None)


class Provider(Protocol):
    """One way of paying."""

    code: str
    scenes: frozenset[str]

    def start(self, bill: Bill, *, at: datetime) -> Action:
        """Tell the provider about the payment; the same payment number again changes nothing."""

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        """Verify signature, time and merchant of a notice. Raises: NoticeRefused."""

    def query(self, payment_no: str, *, at: datetime) -> Trade:
        """Ask how a payment stands. Raises: ProviderUnavailable."""

    def close(self, payment_no: str, *, at: datetime) -> Trade:
        """Make sure it cannot be paid any more; the answer is PAID when it is too late for that."""

    def refund(
        self, refund_no: str, payment_no: str, amount_fen: int, *, at: datetime
    ) -> TradeState:
        """Send money back: PAID when done, PENDING when accepted, FAILED when refused.

        The same number is one refund, however often it is sent. Raises: ProviderUnavailable.
        """
