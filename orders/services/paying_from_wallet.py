"""Paying an order from the member's own balance: all of it, at once (O-42)."""

from datetime import datetime

from mall.kernel.db import atomic_retry
from members.errors import NotEnoughMoney
from members.models import WalletEntry
from members.services import debit_wallet
from orders.errors import IllegalMove, OrderExpired
from orders.models import Order, Payment
from orders.providers import Trade, TradeState
from orders.providers.wallet import ACCOUNT, CODE, transaction_of
from orders.services.querying import settle_trade
from orders.services.settling import Outcome, apply_trade

NOT_ENOUGH = "NOTENOUGH"


def pay_from_wallet(payment: Payment, *, at: datetime) -> Payment:
    """Pay an open payment from its buyer's wallet, once; a refusal is noted on the payment.

    Call it outside transactions. Raises: NotEnoughMoney, IllegalMove, OrderExpired.
    """
    try:
        return _pay(payment.pk, at)
    except NotEnoughMoney:
        refused = Trade(payment.payment_no, TradeState.FAILED, failure_code=NOT_ENOUGH)
        settle_trade(CODE, refused, at)
        raise


@atomic_retry()
def _pay(payment_id: int, at: datetime) -> Payment:
    """Settle the order, then take the money; too little of it undoes both.

    Locks: order, payment, what settling locks, the wallet last.
    """
    order = Order.objects.filter(payments__pk=payment_id).locked().get()
    payment: Payment = Payment.objects.filter(pk=payment_id).locked().get()
    if payment.status == Payment.Status.SUCCEEDED:
        return payment
    _check(order, at)
    trade = Trade(
        payment.payment_no,
        TradeState.PAID,
        transaction_id=transaction_of(payment.payment_no),
        amount_fen=payment.amount_fen,
        paid_at=at,
    )
    verdict = apply_trade(provider=CODE, trade=trade, at=at)
    payment.refresh_from_db()
    if verdict.outcome != Outcome.APPLIED or payment.is_surplus:
        raise IllegalMove(status=order.status)
    assert order.member_id is not None, "imported orders are not paid here"
    debit_wallet(
        member_id=order.member_id,
        amount_fen=payment.amount_fen,
        kind=WalletEntry.Kind.PAYMENT,
        reference=payment.payment_no,
        at=at,
        other_side=ACCOUNT,
    )
    return payment


def _check(order: Order, at: datetime) -> None:
    if order.status != Order.Status.UNPAID or order.stage == Order.Stage.CLOSING:
        raise IllegalMove(status=order.status)
    if order.expires_at is not None and order.expires_at <= at:
        raise OrderExpired
