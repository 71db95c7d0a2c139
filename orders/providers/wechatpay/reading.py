"""What WeChat Pay's facts mean to us: trades, refunds, lines of a bill. Pure but for its errors."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from orders.providers.amounts import fen_of
from orders.providers.base import (
    NoticeRefused,
    RefundWord,
    StatementLine,
    Trade,
    TradeState,
)

TRADE_STATES = {
    "SUCCESS": TradeState.PAID,
    "REFUND": TradeState.PAID,  # paid once, and sent back since
    "NOTPAY": TradeState.PENDING,
    "USERPAYING": TradeState.PENDING,
    "ACCEPT": TradeState.PENDING,
    "CLOSED": TradeState.CLOSED,
    "REVOKED": TradeState.CLOSED,
    "PAYERROR": TradeState.FAILED,
}
REFUND_STATES = {
    "SUCCESS": TradeState.PAID,
    "PROCESSING": TradeState.PENDING,
    "CLOSED": TradeState.FAILED,
    "ABNORMAL": TradeState.FAILED,
}


def trade_of(facts: Mapping[str, Any]) -> Trade:
    """A payment as a notice or an answer tells it. Raises: NoticeRefused."""
    state = TRADE_STATES.get(str(facts.get("trade_state")))
    if state is None:
        raise NoticeRefused("state_unknown")
    amount = facts.get("amount")
    total = _whole(amount, "total")
    if total is None and state == TradeState.PAID:
        raise NoticeRefused("amount_missing")
    return Trade(
        payment_no=str(facts.get("out_trade_no", ""))[:32],
        state=state,
        transaction_id=str(facts.get("transaction_id") or "")[:64],
        amount_fen=total or 0,
        currency=str(amount.get("currency", "")) if isinstance(amount, dict) else "",
        paid_at=_instant(facts.get("success_time")),
        failure_code=str(facts["trade_state"]) if state == TradeState.FAILED else "",
    )


def refund_of(facts: Mapping[str, Any]) -> RefundWord:
    """A refund as a notice (``refund_status``) or an answer (``status``) tells it. Raises:
    NoticeRefused."""
    word = str(facts.get("refund_status") or facts.get("status"))
    state = REFUND_STATES.get(word)
    amount_fen = _whole(facts.get("amount"), "refund")
    if state is None or amount_fen is None:
        raise NoticeRefused("state_unknown" if state is None else "amount_missing")
    failure = word if state == TradeState.FAILED else ""
    return RefundWord(str(facts.get("out_refund_no", ""))[:32], state, amount_fen, failure)


def statement_of(text: str) -> list[StatementLine]:
    """The lines of a daily trade bill: every field starts with a grave accent, a summary follows
    the last line. Raises: ValueError for what is no bill."""
    lines: list[StatementLine] = []
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    for row in reader:
        fields = {str(name): str(value or "").lstrip("`") for name, value in row.items()}
        if not str(row.get("交易时间") or "").startswith("`"):
            return lines  # the summary's own heading
        lines.append(_line(fields))
    raise ValueError("the bill has no summary: it is not whole")


def _line(fields: Mapping[str, str]) -> StatementLine:
    if fields["交易状态"] == "REFUND":
        back_fen = fen_of(fields["申请退款金额"])
        return StatementLine(True, fields["商户退款单号"], back_fen, fields["微信退款单号"])
    paid_fen = fen_of(fields["订单金额"])
    return StatementLine(False, fields["商户订单号"], paid_fen, fields["微信订单号"])


def _whole(amount: Any, name: str) -> int | None:
    value = amount.get(name) if isinstance(amount, dict) else None
    return value if type(value) is int else None


def _instant(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
