"""What happens when money is known to have arrived: the order is paid, or the money goes back.

Every way to that knowledge (notice, query, asking before closing) ends in `apply_trade`.
Locks: order -> payment -> coupon grants -> budgets and activity quota -> points -> ledger -> stock
(revived orders only).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from inventory.selectors import last_attempt
from mall.kernel.db import Prepared, change_row
from mall.kernel.errors import ShopError
from mall.kernel.outbox import publish
from members.models import Account
from members.services import spend_points
from orders import messages
from orders.events import DepositPaid, OrderPaid
from orders.models import Order, OrderLine, OrderLineStep, Payment, PaymentNotice
from orders.providers import NONE, Trade, TradeState
from orders.services.attributing import note_end
from orders.services.escrowing import hold
from orders.services.fulfilment.sorting_paid import open_check, sort_paid
from orders.services.goods import hold_goods, hold_in_activity
from orders.services.limiting import take_editions_again
from orders.services.moving import move, note_history
from orders.services.numbering import new_number
from orders.services.refunding import refund_surplus
from orders.services.telling import tell_buyer
from orders.states import DEPOSIT_PAID, Deed
from promotions.errors import TeamOver
from promotions.services import (
    charge_budgets_again,
    confirm_offer,
    lock_grants,
    take_of_sales_again,
    use_grants,
)

Outcome = PaymentNotice.Outcome
CURRENCY = "CNY"
STILL_OPEN = (Payment.Status.PENDING, Payment.Status.FAILED)
"""A refused payment may be tried again at the same cashier: only its provider ends it."""
ENDS = {TradeState.FAILED: Payment.Status.FAILED, TradeState.CLOSED: Payment.Status.CLOSED}
REVIVAL = 2
"""Which time an order spends its points and takes its activity's pieces when late money revives
it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a trade: the outcome, why it was refused, and the payment it was about."""

    outcome: str
    reason: str = ""
    payment_id: int | None = None


@transaction.atomic
def apply_trade(*, provider: str, trade: Trade, at: datetime) -> Verdict:
    """Believe a provider's word about one payment, once.

    Amount, currency and number must be ours; a success that is known already is a repetition; a
    terminal state never goes back. Locks: order, payment. Queries: 2, and what follows from it.
    Emits: OrderPaid.
    """
    named = {"provider": provider, "payment_no": trade.payment_no}
    order = _order_of.one(**named)
    if order is None:
        return Verdict(Outcome.REFUSED, "payment_unknown")
    payment = _payment_of.one(**named, transaction_id=trade.transaction_id)
    if trade.state == TradeState.PAID:
        return _take_money(order, payment, trade, at)
    return _note_failure(order, payment, trade, at)


@Prepared
def _order_of(*, provider: str, payment_no: str) -> QuerySet[Order]:
    known = Payment.objects.filter(provider=provider, payment_no=payment_no)
    return Order.objects.filter(pk__in=known.values("order_id")).locked()


@Prepared
def _payment_of(*, provider: str, payment_no: str, transaction_id: str) -> QuerySet[Payment]:
    """The payment, and whether another one has the provider's number of it; the unique index
    judges again."""
    known = Payment.objects.filter(provider=provider, payment_no=payment_no)
    same = Payment.objects.filter(provider=OuterRef("provider"), transaction_id=transaction_id)
    elsewhere = Exists(same.exclude(pk=OuterRef("pk")))
    return known.annotate(is_known_elsewhere=elsewhere).locked()


def _take_money(order: Order, payment: Any, trade: Trade, at: datetime) -> Verdict:
    reason = _wrong_about(payment, trade)
    if reason:  # also of a payment that is settled: what contradicts it is no repetition (INV-32)
        return Verdict(Outcome.REFUSED, reason, payment.pk)
    if payment.status == Payment.Status.SUCCEEDED:
        return Verdict(Outcome.REPEATED, payment_id=payment.pk)
    arrived = {
        "status": Payment.Status.SUCCEEDED,
        "transaction_id": trade.transaction_id,
        "succeeded_at": at,
        "failure_code": "",
    }
    for name, value in arrived.items():
        setattr(payment, name, value)
    payment.is_surplus = not _accept(order, payment, at)
    change_row(payment, arrived | {"is_surplus": payment.is_surplus, "query_at": None})
    if payment.is_surplus:
        refund_surplus(order, payment, at=at)
    return Verdict(Outcome.APPLIED, payment_id=payment.pk)


def _wrong_about(payment: Any, trade: Trade) -> str:
    if trade.currency != CURRENCY:
        return "currency_wrong"
    if trade.amount_fen != payment.amount_fen:
        return "amount_wrong"
    if not trade.transaction_id:
        return "transaction_missing"
    return "transaction_known" if payment.is_known_elsewhere else ""


def _note_failure(order: Order, payment: Payment, trade: Trade, at: datetime) -> Verdict:
    """A refusal or a closing by the provider: the order waits for another payment."""
    status = ENDS.get(trade.state)
    if status in (None, payment.status) or payment.status not in STILL_OPEN:
        return Verdict(Outcome.REPEATED, payment_id=payment.pk)
    payment.status = status
    payment.failure_code = trade.failure_code or payment.failure_code
    if status == Payment.Status.CLOSED:
        payment.query_at = None
    payment.save(update_fields=["status", "failure_code", "query_at"])
    note_end(order, payment, trade.failure_code, at)
    return Verdict(Outcome.APPLIED, payment_id=payment.pk)


def _accept(order: Order, payment: Payment, at: datetime) -> bool:
    """Pay the order with it, bringing one back that closed too early; False when it is surplus:
    not needed any more, or of an amount from before the price was changed."""
    if payment.amount_fen != order.leg_fen(payment.leg):
        return False
    if payment.leg == Payment.Leg.DEPOSIT:
        return take_deposit(order, payment, at=at)
    if order.status == Order.Status.UNPAID:
        return _pay(order, payment, at)
    late = order.status == Order.Status.CLOSED and order.paid_fen == 0
    return late and order.close_reason == Order.CloseReason.TIMEOUT and _revive(order, payment, at)


def _pay(order: Order, payment: Payment, at: datetime) -> bool:
    """Pay an unpaid order; False when its group was over before the money came."""
    try:
        mark_paid(order, payment, deed=Deed.PAID, at=at)
    except TeamOver:  # out of `confirm_offer`, which comes first and undoes itself
        return False
    return True


def take_deposit(order: Order, payment: Payment, *, at: datetime) -> bool:
    """The deposit of a presale: the order waits for its balance; False when it is surplus.

    Late deposits are not taken: the shopper orders again. Queries: 5. Emits: DepositPaid.
    """
    waits = order.status == Order.Status.UNPAID and not order.paid_fen
    if not waits or order.stage == Order.Stage.CLOSING:
        return False
    order.stage, order.paid_fen = Order.Stage.DEPOSIT_PAID, payment.amount_fen
    order.expires_at = order.balance_until
    order.save(update_fields=["stage", "paid_fen", "expires_at"])
    note_history(order, DEPOSIT_PAID, at=at)
    confirm_offer(order_number=order.number, at=at)
    hold(payment, at=at)
    publish(
        DepositPaid(
            order_id=order.pk,
            number=order.number,
            member_id=order.member_id,
            deposit_fen=payment.amount_fen,
            at=at,
        )
    )
    return True


def _revive(order: Order, payment: Payment, at: datetime) -> bool:
    """Late money: take coupons, budgets, points and stock again, all or none (F-24)."""
    assert order.member_id is not None, "imported orders are not paid here"
    try:
        with transaction.atomic():
            lines = list(order.lines.all())
            coupons = coupons_of(order, lines)
            if coupons:
                lock_grants(
                    grant_ids=list(coupons),
                    amounts_fen=coupons,
                    member_id=order.member_id,
                    order_number=order.number,
                    at=at,
                )
            charge_budgets_again(order_number=order.number, at=at)
            take_of_sales_again(order_number=order.number, at=at)
            take_editions_again(order, at)
            if order.offer_kind:
                hold_in_activity(order, lines, at=at, attempt=REVIVAL)
            if order.points_used:
                spend_points(
                    member_id=order.member_id,
                    points=order.points_used,
                    source_type="order",
                    source_id=f"{order.number}#{REVIVAL}",
                    at=at,
                )
            mark_paid(order, payment, deed=Deed.REVIVED, at=at)
            hold_goods(order, lines, at=at, attempt=last_attempt(order.number) + 1)
    except ShopError:
        order.refresh_from_db()
        return False
    return True


def coupons_of(order: Order, lines: Iterable[OrderLine]) -> dict[int, int]:
    """What each coupon grant of an order took off, in fen by grant, from its steps. Queries: 1."""
    on_lines = OrderLineStep.objects.filter(line__in=list(lines), lane="coupon")
    amounts: Counter[int] = Counter()
    for grant_id, amount_fen in on_lines.values_list("source_id", "amount_fen"):
        if grant_id is not None:
            amounts[grant_id] += amount_fen
    for step in order.freight_steps:
        if step["kind"].startswith("coupon_"):
            amounts[step["source_id"]] += step["amount_fen"]
    return dict(amounts)


def mark_paid(
    order: Order, payment: Payment, *, deed: Deed, at: datetime, actor: Account | None = None
) -> None:
    """Move the order to paid with everything that comes with it.

    An activity says in which stage its order waits; any other is sorted for packing (O-16).
    Queries: 6, 3 inside `appended_together`; 1 more with coupons, more in an activity.
    """
    waits_in = confirm_offer(order_number=order.number, at=at) if order.offer_kind else ""
    found = sort_paid(order, at)
    move(
        order,
        deed,
        at=at,
        actor=actor,
        stage=waits_in or found.stage,
        is_priority=found.is_priority,
        paid_at=at,
        paid_fen=order.paid_fen + payment.amount_fen,
        close_reason="",
        closed_at=None,
    )
    open_check(order, found.reasons, at)
    if found.has_coupons:
        use_grants(order_number=order.number, at=at)
    if payment.amount_fen:
        hold(payment, at=at)
    publish(
        OrderPaid(
            order_id=order.pk,
            number=order.number,
            member_id=order.member_id,
            paid_fen=order.paid_fen,
            pieces=found.pieces,
            at=at,
        )
    )
    tell_buyer(
        order,
        messages.ORDER_PAID,
        {"amount_fen": payment.amount_fen},
        at=at,
        cause=payment.payment_no,
        account_id=found.account_id,
    )


def pay_nothing(order: Order, *, at: datetime, actor: Account | None = None) -> Payment:
    """Settle an order that costs nothing, once, without any provider (INV-13)."""
    payment = Payment.objects.create(
        payment_no=new_number(at, "P"),
        order=order,
        provider=NONE,
        scene=NONE,
        amount_fen=0,
        status=Payment.Status.SUCCEEDED,
        created_at=at,
        expires_at=at,
        succeeded_at=at,
    )
    mark_paid(order, payment, deed=Deed.PAID, at=at, actor=actor)
    return payment
