"""What a payment provider must be able to do. Everything here may be a network call: never in a
transaction.

Source: design.md, section 8; reliability.md 0.2 (the rules of Chinese payments).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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
class Repayment:
    """Money to send back: which refund, of which payment, how much of how much."""

    refund_no: str
    payment_no: str
    amount_fen: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class RefundWord:
    """What the provider says about one of our refunds: PAID, PENDING, FAILED or UNKNOWN."""

    refund_no: str
    state: TradeState
    amount_fen: int
    failure_code: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified notice about a payment or a refund: who sent it is beyond doubt, what it says is
    not yet believed."""

    notice_id: str
    trade: Trade | None = None
    refund: RefundWord | None = None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a provider's daily bill: ``number`` is ours, of a payment or of a refund."""

    is_refund: bool
    number: str
    amount_fen: int
    transaction_id: str = ""


class NoticeRefused(Exception):
    """The notice is not what it says it is. ``reason`` is a short code for the log and the
    answer."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class ProviderUnavailable(Exception):
    """The provider did not answer, or answered nonsense: try again later."""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, as some providers want to know: the address they come from, where they go back to,
    who they are to WeChat."""

    ip: str = ""
    return_url: str = ""
    openid: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid: told to the provider when a payment starts."""

    payment_no: str
    order_number: str
    amount_fen: int
    scene: str
    expires_at: datetime
    payer: Payer = Payer()


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

    def refund(self, repayment: Repayment, *, at: datetime) -> RefundWord:
        """Send money back: PAID when done, PENDING when accepted, FAILED when refused.

        The same number is one refund, however often it is sent. Raises: ProviderUnavailable.
        """

    def query_refund(self, repayment: Repayment, *, at: datetime) -> RefundWord:
        """Ask how a refund stands; UNKNOWN when none was made. Raises: ProviderUnavailable."""

    def statement(self, day: date, *, at: datetime) -> list[StatementLine] | None:
        """What moved on a business day by the provider's own book; None while it has none for that
        day. Raises: ProviderUnavailable."""
