"""The goods have arrived: growth and points come in the same transaction; later the order
completes."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from members.models import Account
from members.services import add_growth, earn_points
from orders.errors import IllegalMove
from orders.events import OrderCompleted, OrderReceived
from orders.models import AfterSale, Order
from orders.services.escrowing import settle
from orders.services.fulfilment.house_times import days_before
from orders.services.moving import move
from orders.states import Deed

ORDER = "order"


@atomic_retry()
def receive_order(
    *, number: str, at: datetime, member_id: int | None = None, actor: Account | None = None
) -> Order:
    """Confirm that a shipped order has arrived: by its buyer, or by the clock (no member).

    Locks: order, points, member. Emits: OrderReceived. Raises: NotFound, IllegalMove.
    """
    orders = Order.objects.filter(number=number)
    if member_id is not None:
        orders = orders.of_member(member_id)
    order = orders.locked().first()
    if order is None:
        raise NotFound
    move(order, Deed.RECEIVED, at=at, actor=actor, received_at=at)
    goods_fen = _reward(order, at)
    publish(
        OrderReceived(
            order_id=order.pk,
            number=order.number,
            member_id=order.member_id,
            goods_fen=goods_fen,
            at=at,
        )
    )
    return order


def _reward(order: Order, at: datetime) -> int:
    """Give points and growth for the goods kept; returns what was paid for them, in fen."""
    lines = list(order.lines.all())
    paid_fen = sum(line.payable_fen for line in lines)
    kept_fen = paid_fen - sum(line.refunded_fen for line in lines)
    if order.member_id is None or kept_fen <= 0:
        return kept_fen
    cause: dict[str, Any] = {
        "member_id": order.member_id,
        "source_type": ORDER,
        "source_id": order.number,
        "at": at,
    }
    points = order.points_earned * kept_fen // paid_fen
    if points:
        earn_points(points=points, **cause)
    add_growth(delta_fen=kept_fen, **cause)
    return kept_fen


def receive_due(at: datetime, limit: int = 200) -> int:
    """Receive shipped orders whose buyers said nothing in time, nor asked anything that is still
    open; returns how many."""
    due = Order.objects.filter(status=Order.Status.SHIPPED, receive_due_at__lte=at).exclude(
        after_sales__state__in=AfterSale.OPEN
    )
    numbers = list(due.order_by("receive_due_at", "pk").values_list("number", flat=True)[:limit])
    return sum(_unless_moved(partial(receive_order, number=number, at=at)) for number in numbers)


def complete_due(at: datetime, limit: int = 500) -> int:
    """Complete received orders whose days are over and of which no case is open; returns how
    many."""
    due = Order.objects.filter(
        status=Order.Status.RECEIVED, received_at__lte=days_before(at, "complete_days")
    ).exclude(after_sales__state__in=AfterSale.OPEN)
    ids = list(due.order_by("received_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(_unless_moved(partial(complete_order, order_id=pk, at=at)) for pk in ids)


@atomic_retry()
def complete_order(*, order_id: int, at: datetime) -> None:
    """End an order's life: its money goes to the sellers.

    Locks: the order, then the ledger. Emits: OrderCompleted. Raises: IllegalMove.
    """
    order = Order.objects.filter(pk=order_id).locked().get()
    move(order, Deed.COMPLETED, at=at, completed_at=at)
    settle(order, at=at)
    publish(
        OrderCompleted(order_id=order.pk, number=order.number, member_id=order.member_id, at=at)
    )


def _unless_moved(verb: Callable[[], object]) -> bool:
    """Run a verb of the clock; somebody who was faster is no error."""
    try:
        verb()
    except IllegalMove:
        return False
    return True
