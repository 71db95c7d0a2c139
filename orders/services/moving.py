"""The one place that changes an order's status."""

from datetime import datetime
from typing import Any

from mall.kernel.db import append, change_row
from members.models import Account
from orders.errors import IllegalMove
from orders.models import Order, OrderHistory
from orders.states import MOVES, Deed


def move(
    order: Order,
    deed: Deed,
    *,
    at: datetime,
    actor: Account | None = None,
    note: str = "",
    **stamps: Any,
) -> None:
    """Move ``order`` by ``deed`` and write its history; ``stamps`` are columns that change with it.

    A conditional update: whoever comes second gets the refusal, whatever was read before. Queries:
    2. Raises: IllegalMove with the status the order has now.
    """
    step = MOVES[deed]
    before = order.status
    values = {"stage": "", **stamps, "status": step.target}
    if before not in step.sources or not change_row(order, values, {"status": before}):
        raise IllegalMove(status=Order.objects.values_list("status", flat=True).get(pk=order.pk))
    note_history(order, deed, before=before, at=at, actor=actor, note=note)


def note_history(
    order: Order,
    code: str,
    *,
    at: datetime,
    before: str | None = None,
    actor: Account | None = None,
    note: str = "",
) -> None:
    """Write what happened to the order, whose status may be what it was ``before``. Queries: 1,
    none inside `appended_together`."""
    row = OrderHistory(
        order=order,
        from_status=order.status if before is None else before,
        to_status=order.status,
        code=code,
        actor=actor,
        note=note,
        at=at,
    )
    append([row])
