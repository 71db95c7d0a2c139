"""Reminding buyers of presales that their balance can be paid, and that its time runs out.

Source: O-33.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from mall.kernel.notify.models import Message
from orders import messages
from orders.models import Order
from orders.models.order import OrderQuerySet
from orders.services.telling import tell_buyer

LAST_CALL = timedelta(hours=24)
CAUSE = "/balance"


def remind_balances(at: datetime, limit: int = 500) -> int:
    """Tell who may pay a balance now, and once more a day before it is too late.

    Each is told once, however often this runs; who was told makes room for the next. Returns how
    many were told, each time at most ``limit`` of either kind.
    """
    open_now = Order.objects.filter(
        stage=Order.Stage.DEPOSIT_PAID,
        status=Order.Status.UNPAID,
        balance_from__lte=at,
        balance_until__gt=at,
    )
    last_day = at + LAST_CALL
    called = _tell(
        open_now.filter(balance_until__lte=last_day), messages.BALANCE_LAST_CALL, at, limit
    )
    return called + _tell(
        open_now.filter(balance_until__gt=last_day), messages.BALANCE_OPEN, at, limit
    )


def _tell(orders: OrderQuerySet, template: str, at: datetime, limit: int) -> int:
    told = Message.objects.filter(
        account=OuterRef("member__account"),
        template=template,
        source=Concat(OuterRef("number"), Value(CAUSE)),
    )
    waiting = list(orders.filter(~Exists(told)).order_by("balance_until", "pk")[:limit])
    for order in waiting:
        params = {"amount_fen": order.due_fen}
        tell_buyer(order, template, params, at=at, cause=f"{order.number}{CAUSE}")
    return len(waiting)
