"""The other side of the counter: the sandbox takes the money (or not) and writes its notices.

``fault`` makes the notices misbehave the way real ones do. Source: reliability.md F-21 to F-26.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from orders.providers.base import TradeState
from orders.providers.sandbox import book
from orders.providers.sandbox.envelope import Envelope, seal
from orders.providers.sandbox.keys import APP_ID, MERCHANT_ID, keys

LATE_BY = timedelta(seconds=20)


class Refusal(StrEnum):
    """Why the sandbox may refuse."""

    USER_REFUSED = "USER_REFUSED"
    LIMIT = "LIMIT"
    NOTENOUGH = "NOTENOUGH"
    TIMEOUT = "TIMEOUT"
    RISK = "RISK"


class Fault(StrEnum):
    """How a notice may go wrong."""

    DUPLICATE = "duplicate"
    LATE = "late"
    REORDERED = "reordered"
    LOST = "lost"
    FORGED = "forged"
    WRONG_AMOUNT = "wrong_amount"


def take_money(
    entry: book.Entry,
    *,
    succeed: bool,
    fault: Fault | None,
    at: datetime,
    refusal: Refusal = Refusal.USER_REFUSED,
) -> list[Envelope] | None:
    """Write the book, then give the notices to deliver now, in order; None when the trade is over.

    A forged notice and one of a wrong amount come without any payment behind them.
    """
    if entry.state in (TradeState.PAID, TradeState.CLOSED):
        return None
    if fault in (Fault.FORGED, Fault.WRONG_AMOUNT):
        return [_forge(entry, at) if fault == Fault.FORGED else _overstate(entry, at)]
    state = TradeState.PAID if succeed else TradeState.FAILED
    failure_code = "" if succeed else refusal
    if not book.settle(entry.payment_no, state, at=at, failure_code=failure_code):
        return None
    return _send(write_notice(entry.payment_no, at=at), entry, fault, at)


def write_notice(payment_no: str, *, at: datetime, **wrong: Any) -> Envelope:
    """The signed notice of how the trade stands; ``wrong`` are facts to lie about (for tests)."""
    entry = book.find(payment_no)
    assert entry is not None, "only started payments have notices"
    facts = _facts(entry) | wrong
    event = "TRANSACTION.SUCCESS" if facts["trade_state"] == "SUCCESS" else "TRANSACTION.FAIL"
    return seal(keys(), facts, event=event, at=at)


def _send(notice: Envelope, entry: book.Entry, fault: Fault | None, at: datetime) -> list[Envelope]:
    if fault == Fault.LOST:
        return []
    if fault == Fault.LATE:
        book.defer(notice, due_at=at + LATE_BY)
        return []
    if fault == Fault.DUPLICATE:
        return [notice, notice]
    if fault == Fault.REORDERED:
        before = at - timedelta(seconds=1)
        return [notice, seal(keys(), _facts(entry), event="TRANSACTION.PENDING", at=before)]
    return [notice]


def _facts(entry: book.Entry) -> dict[str, Any]:
    names = {
        TradeState.PAID: "SUCCESS",
        TradeState.FAILED: "PAYERROR",
        TradeState.CLOSED: "CLOSED",
        TradeState.PENDING: "NOTPAY",
    }
    return {
        "appid": APP_ID,
        "mchid": MERCHANT_ID,
        "out_trade_no": entry.payment_no,
        "transaction_id": entry.transaction_id,
        "trade_type": "SANDBOX",
        "trade_state": names[entry.state],
        "trade_state_desc": entry.failure_code,
        "success_time": entry.paid_at.isoformat() if entry.paid_at else None,
        "amount": {"total": entry.amount_fen, "payer_total": entry.amount_fen, "currency": "CNY"},
    }


def _forge(entry: book.Entry, at: datetime) -> Envelope:
    true = write_notice(entry.payment_no, at=at, trade_state="SUCCESS", transaction_id="forged")
    return Envelope(true.headers, true.body + b" ")


def _overstate(entry: book.Entry, at: datetime) -> Envelope:
    amount = {"total": entry.amount_fen - 1, "payer_total": entry.amount_fen, "currency": "CNY"}
    return write_notice(
        entry.payment_no,
        at=at,
        trade_state="SUCCESS",
        transaction_id=f"wrong{entry.payment_no}",
        amount=amount,
    )
