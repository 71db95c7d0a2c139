"""Reminding buyers of presales that their balance can be paid, and that its time runs out.

Source: O-33.
"""

from datetime import datetime, timedelta

from orders import messages
from orders.models import Order
from orders.services.telling import tell_buyer

LAST_CALL = timedelta(hours=24)


def remind_balances(at: datetime, limit: int = 500) -> int:
    """Tell who may pay a balance now, and once more a day before it is too late.

    Each is told once, however often this runs. Returns how many orders were looked at.
    """
    open_now = Order.objects.filter(
        stage=Order.Stage.DEPOSIT_PAID,
        status=Order.Status.UNPAID,
        balance_from__lte=at,
        balance_until__gt=at,
    )
    orders = list(open_now.order_by("balance_until", "pk")[:limit])
    for order in orders:
        assert order.balance_until is not None, "a presale says when its balance is due"
        is_last = at >= order.balance_until - LAST_CALL
        template = messages.BALANCE_LAST_CALL if is_last else messages.BALANCE_OPEN
        params = {"amount_fen": order.due_fen}
        tell_buyer(order, template, params, at=at, cause=f"{order.number}/balance")
    return len(orders)
