"""The sandbox as the mall sees it: a provider like any other."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mall.kernel import clock
from orders.providers.base import (
    Action,
    Bill,
    Notice,
    NoticeRefused,
    RefundWord,
    Repayment,
    StatementLine,
    Trade,
    TradeState,
)
from orders.providers.sandbox import book
from orders.providers.sandbox.envelope import unseal
from orders.providers.sandbox.keys import APP_ID, MERCHANT_ID, keys

STATES = {
    "SUCCESS": TradeState.PAID,
    "PAYERROR": TradeState.FAILED,
    "CLOSED": TradeState.CLOSED,
    "NOTPAY": TradeState.PENDING,
}


class SandboxProvider:
    """Pays with play money at a cashier page of its own."""

    code = "sandbox"
    scenes = frozenset({"sandbox"})

    def start(self, bill: Bill, *, at: datetime) -> Action:
        book.open_trade(bill.payment_no, bill.order_number, bill.amount_fen)
        return Action(type="redirect", url=f"/sandbox/cashier/{bill.payment_no}/")

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        notice_id, facts = unseal(keys(), headers, body, at=at)
        if (facts.get("appid"), facts.get("mchid")) != (APP_ID, MERCHANT_ID):
            raise NoticeRefused("merchant_wrong")
        return Notice(notice_id, _trade_of(facts))

    def query(self, payment_no: str, *, at: datetime) -> Trade:
        entry = book.find(payment_no)
        if entry is None:
            return Trade(payment_no, TradeState.UNKNOWN)
        return Trade(
            payment_no,
            entry.state,
            transaction_id=entry.transaction_id,
            amount_fen=entry.amount_fen,
            paid_at=entry.paid_at,
            failure_code=entry.failure_code,
        )

    def close(self, payment_no: str, *, at: datetime) -> Trade:
        book.settle(payment_no, TradeState.CLOSED, at=at)
        return self.query(payment_no, at=at)

    def refund(self, repayment: Repayment, *, at: datetime) -> RefundWord:
        done = book.give_back(
            repayment.refund_no, repayment.payment_no, repayment.amount_fen, at=at
        )
        state = TradeState.PAID if done else TradeState.FAILED
        code = "" if done else "refused"
        return RefundWord(repayment.refund_no, state, repayment.amount_fen, code)

    def query_refund(self, repayment: Repayment, *, at: datetime) -> RefundWord:
        back_fen = book.find_refund(repayment.refund_no)
        state = TradeState.UNKNOWN if back_fen is None else TradeState.PAID
        return RefundWord(repayment.refund_no, state, back_fen or 0)

    def statement(self, day: date, *, at: datetime) -> list[StatementLine]:
        return [StatementLine(*row) for row in book.moved_between(*clock.bounds(day))]


def _trade_of(facts: Mapping[str, Any]) -> Trade:
    amount = facts.get("amount")
    total = amount.get("total") if isinstance(amount, dict) else None
    if not isinstance(amount, dict) or type(total) is not int:
        raise NoticeRefused("amount_missing")
    state = STATES.get(str(facts.get("trade_state")))
    if state is None:
        raise NoticeRefused("state_unknown")
    return Trade(
        payment_no=str(facts.get("out_trade_no", ""))[:32],
        state=state,
        transaction_id=str(facts.get("transaction_id", ""))[:64],
        amount_fen=total,
        currency=str(amount.get("currency", "")),
        failure_code=""
        if state == TradeState.PAID
        else str(facts.get("trade_state_desc", ""))[:40],
    )
