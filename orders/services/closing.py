"""Closing unpaid orders: the provider is asked first, then everything held is let go (INV-41, F-24,
F-35).

Three steps, so that no provider is called inside a transaction: mark it closing (no new payment
starts), close its payments at their providers, close the order. A crash between them is picked up
by the next run.
"""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q

from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import ShopError
from mall.kernel.failpoints import failpoint
from mall.kernel.outbox import publish
from members.models import Account
from members.services import return_points
from orders import messages
from orders.errors import IllegalMove, ProviderAway
from orders.events import OrderClosed
from orders.models import Order, Payment
from orders.providers import ProviderUnavailable, provider_of
from orders.services.goods import free_goods
from orders.services.limiting import give_back_editions
from orders.services.moving import move
from orders.services.querying import close_trade, settle_trade
from orders.services.refunding import CANCELLED, refund_accepted
from orders.services.settling import STILL_OPEN
from orders.services.telling import tell_buyer
from orders.states import Deed
from promotions.services import free_offer, give_back_sales, return_budgets, unlock_grants

logger = logging.getLogger(__name__)

MOST_DUE = 20_000
"""How many orders of a provider that is away a run passes over."""
UNPAID, CLOSING = Order.Status.UNPAID, Order.Stage.CLOSING


def close_unpaid(at: datetime, limit: int = 200) -> int:
    """Close up to ``limit`` orders whose time to pay is over; returns how many were closed.

    One whose provider does not answer stays in ``closing`` and is tried again next time. Such a
    provider is asked once a run, so that its orders, however many, keep no others waiting.
    """
    due = Order.objects.filter(Q(expires_at__lte=at) | Q(stage=CLOSING), status=UNPAID)
    away: set[str] = set()
    closed = 0
    for pk in list(due.order_by("expires_at", "pk").values_list("pk", flat=True)[:MOST_DUE]):
        open_ones = Payment.objects.filter(order_id=pk, status__in=STILL_OPEN)
        if away and open_ones.filter(provider__in=away).exists():
            continue
        try:
            closed += _close_quietly(pk, at)
        except ProviderAway:
            away |= set(open_ones.values_list("provider", flat=True))
        if closed == limit:
            break
    return closed


def _close_quietly(order_id: int, at: datetime) -> bool:
    """Raises: ProviderAway."""
    try:
        return close_order(order_id=order_id, reason=Order.CloseReason.TIMEOUT, at=at)
    except ProviderAway:
        raise
    except IllegalMove:  # paid in the meantime
        return False
    except (ShopError, DatabaseError):
        logger.exception("order %s was not closed; the next run tries again", order_id)
        return False


def close_order(
    *,
    order_id: int,
    reason: str,
    at: datetime,
    actor: Account | None = None,
    note: str = "",
) -> bool:
    """Close one unpaid order; False when it turned out to be paid after all.

    Call it outside transactions. A reason given earlier (a buyer who cancelled while the provider
    was away) stays. Raises: IllegalMove, ProviderAway.
    """
    reason = _mark_closing(order_id, reason, at, actor, note)
    end_payments(order_id=order_id, at=at)
    failpoint("close.after_provider")
    return _close_now(order_id, reason, at, actor, note)


@transaction.atomic
def _mark_closing(
    order_id: int, reason: str, at: datetime, actor: Account | None, note: str
) -> str:
    """From here on no payment starts; an operator's word stands in the trail with it, whoever
    finishes the closing. Locks: the order. Raises: IllegalMove."""
    order = Order.objects.filter(pk=order_id).locked().get()
    if order.status != UNPAID:
        raise IllegalMove(status=order.status)
    by_shop = Order.CloseReason.OPERATOR
    if reason == by_shop and (order.stage, order.close_reason) != (CLOSING, by_shop):
        note_shop_closes(order, {"stage": CLOSING.value}, note, actor, at)
    if order.stage != CLOSING:
        order.stage, order.close_reason = CLOSING, reason
        order.save(update_fields=["stage", "close_reason"])
    return order.close_reason or reason


def note_shop_closes(
    order: Order, after: dict[str, str], reason: str, actor: Account | None, at: datetime
) -> None:
    """The trail of an operator who closes an order, in the transaction of the deed itself."""
    audit.record(
        actor=actor,
        verb="orders.close",
        target=order,
        at=at,
        before={"status": order.status},
        after=after,
        reason=reason,
    )


def end_payments(*, order_id: int, at: datetime) -> None:
    """Make sure that no payment of an order that was begun can still be paid; one that was paid
    after all is booked. Call it outside transactions. Raises: ProviderAway."""
    opened = Payment.objects.filter(order_id=order_id, status__in=STILL_OPEN)
    for payment in opened.order_by("pk"):  # of two that were paid the earlier one counts
        _close_payment(payment, at)


def _close_payment(payment: Payment, at: datetime) -> None:
    """Make sure at its provider that the payment cannot be paid any more, and book the answer."""
    provider = provider_of(payment.provider)
    if provider is None:
        raise ProviderAway
    try:
        trade = close_trade(provider, payment.payment_no, at=at)
    except ProviderUnavailable as error:
        raise ProviderAway from error
    settle_trade(payment.provider, trade, at)


@atomic_retry()
def _close_now(order_id: int, reason: str, at: datetime, actor: Account | None, note: str) -> bool:
    """Close the order and let go of coupon, points and stock.

    A shop that cannot serve a presale keeps no deposit of it, whatever the rule says of buyers.
    Locks: order, grants, points, stock.
    """
    order = Order.objects.filter(pk=order_id).locked().get()
    if order.status != UNPAID:
        return False
    by_shop = reason == Order.CloseReason.OPERATOR
    back_fen = order.paid_fen if by_shop or order.deposit_comes_back else 0
    move(
        order,
        Deed.CLOSED,
        at=at,
        actor=actor,
        note=note,
        close_reason=reason,
        closed_at=at,
        refunded_fen=back_fen,
    )
    if back_fen:
        refund_accepted(order, reason=CANCELLED, at=at)
    let_go(order, at)
    publish(
        OrderClosed(
            order_id=order.pk,
            number=order.number,
            member_id=order.member_id,
            reason=reason,
            at=at,
        )
    )
    if reason != Order.CloseReason.BUYER:
        tell_buyer(order, messages.ORDER_CLOSED, {}, at=at, cause=order.number)
    return True


def let_go(order: Order, at: datetime, cause: str = "") -> None:
    """Give back what a closed order held: coupons, its place in an activity, points, stock last.

    ``cause`` tells the points of a second closing (an order that late money revived) from the
    first.
    """
    unlock_grants(order_number=order.number, at=at)
    return_budgets(order_number=order.number, at=at)
    give_back_sales(order_number=order.number, at=at)
    give_back_editions(order, at)
    if order.offer_kind:
        free_offer(order_number=order.number, at=at)
    if order.points_used and order.member_id is not None:
        return_points(
            member_id=order.member_id,
            points=order.points_used,
            source_type="order",
            source_id=cause or order.number,
            at=at,
        )
    free_goods(order, at=at)
