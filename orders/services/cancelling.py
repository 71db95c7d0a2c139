"""Cancelling before anything has left the house: by the buyer or by the shop. Source: O-15,
F-35."""

from datetime import datetime

from django.db.models import F

from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from members.models import Account
from orders import messages
from orders.errors import IllegalMove
from orders.events import OrderClosed
from orders.models import AfterSale, Order
from orders.models import Reason as AfterSaleReason
from orders.services.after_sales.deciding import approve_after_sale
from orders.services.after_sales.facts import Wish
from orders.services.after_sales.requesting import Request, request_after_sale
from orders.services.closing import close_order, let_go, note_shop_closes
from orders.services.fulfilment.sorting_paid import end_checks, pieces_of
from orders.services.moving import move
from orders.services.refunding import CANCELLED, refund_accepted
from orders.services.telling import tell_buyer
from orders.states import Deed

Status, Reason = Order.Status, Order.CloseReason


def cancel_order(
    *, number: str, member_id: int, reason: str, at: datetime, actor: Account | None = None
) -> Order:
    """Cancel an own order: unpaid it is closed, paid and unshipped it is paid back whole; one that
    is packed already waits for the shop's answer, as an after-sales case.

    Call it outside transactions: providers are asked. Raises: NotFound, IllegalMove with the status
    the order has, ProviderAway.
    """
    order = Order.objects.of_member(member_id).filter(number=number).first()
    if order is None:
        raise NotFound
    return _cancel(order, Reason.BUYER, reason, at, actor)


def close_by_shop(*, order: Order, reason: str, actor: Account, at: datetime) -> Order:
    """The shop closes an order that it cannot serve; the trail says who and why.

    Call it outside transactions. Raises: IllegalMove, ProviderAway.
    """
    return _cancel(order, Reason.OPERATOR, reason, at, actor)


def _cancel(
    order: Order, close_reason: str, note: str, at: datetime, actor: Account | None
) -> Order:
    if order.status == Status.PAID:
        _cancel_paid(order, close_reason, note, at, actor)
    else:
        closed = close_order(order_id=order.pk, reason=close_reason, at=at, actor=actor, note=note)
        if not closed:
            raise IllegalMove(status=Order.objects.get(pk=order.pk).status)
    return Order.objects.get(pk=order.pk)


def _cancel_paid(
    order: Order, close_reason: str, note: str, at: datetime, actor: Account | None
) -> None:
    """At once while nothing is packed; a packed parcel, or an order of which pieces have gone back
    already, by a case for what is left of it (O-43)."""
    is_packed = order.stage == Order.Stage.PACKED and close_reason == Reason.BUYER
    if not is_packed and not order.after_sales.live().exists():
        is_shops = close_reason == Reason.OPERATOR
        cancel_paid(order_id=order.pk, note=note, at=at, actor=actor, is_shops_deed=is_shops)
        return
    case = _ask_for_the_rest(order, close_reason, note, at, actor)
    if not is_packed:
        approve_after_sale(number=case.number, at=at, note=note)


@atomic_retry()
def _ask_for_the_rest(
    order: Order, close_reason: str, note: str, at: datetime, actor: Account | None
) -> AfterSale:
    """A case for every piece that no other case has asked about. Raises: IllegalMove."""
    left = {
        line.pk: line.quantity - line.refunded - line.refunding
        for line in order.lines.all()
        if not line.is_gift
    }
    pieces = {line_id: number for line_id, number in left.items() if number}
    if not pieces or order.member_id is None:
        raise IllegalMove(status=order.status)
    wish = Wish(AfterSale.Kind.REFUND_ONLY, AfterSaleReason.UNWANTED, pieces)
    case = request_after_sale(
        number=order.number,
        member_id=order.member_id,
        request=Request(wish=wish, text=note),
        at=at,
        actor=actor,
    )
    if close_reason == Reason.OPERATOR:
        note_shop_closes(order, {"after_sale": case.number}, note, actor, at)
    return case


@atomic_retry()
def cancel_paid(
    *,
    order_id: int,
    note: str,
    at: datetime,
    actor: Account | None = None,
    is_shops_deed: bool = False,
) -> None:
    """Close a paid order of which nothing has left, and send the whole payment back.

    ``is_shops_deed`` leaves the trail of an operator who closes it. Locks: order, lines, payment,
    grants, points, stock. Emits: OrderClosed. Raises: IllegalMove.
    """
    order = Order.objects.filter(pk=order_id).locked().get()
    lines = list(order.lines.locked())
    touched = any(line.shipped or line.refunded or line.refunding for line in lines)
    if order.status != Status.PAID or touched:
        raise IllegalMove(status=order.status)
    if is_shops_deed:
        note_shop_closes(order, {"status": Status.CLOSED.value}, note, actor, at)
    move(
        order,
        Deed.REFUNDED,
        at=at,
        actor=actor,
        note=note,
        close_reason=Reason.REFUNDED,
        closed_at=at,
        refunded_fen=order.paid_fen,
        freight_refunded_fen=order.freight_fen,
    )
    end_checks(order, at)
    order.lines.update(
        refunded=F("quantity"), refunded_fen=F("payable_fen"), withdrawn=F("quantity")
    )
    refund_accepted(order, reason=CANCELLED, at=at)
    publish(
        OrderClosed(
            order_id=order.pk,
            number=order.number,
            member_id=order.member_id,
            reason=Reason.REFUNDED,
            unsold=pieces_of(
                (line.product_id, line.quantity) for line in lines if not line.is_gift
            ),
            at=at,
        )
    )
    tell_buyer(order, messages.ORDER_CLOSED, {}, at=at, cause=f"{order.number}/cancelled")
    let_go(order, at, cause=f"{order.number}#cancelled")
