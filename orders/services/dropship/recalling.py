"""Sub-orders are called back when their goods are wanted otherwise: the order is cancelled, pieces
are paid back before shipping, or the order goes elsewhere. Source: O-28.

Called with the order locked, before its goods are let go: a partner that reports its parcel waits
for the same lock, and finds the sub-order called back.
"""

from collections.abc import Collection
from datetime import datetime

from orders.models import Order, SubOrder
from orders.services.dropship.alarming import end_alarm
from orders.services.dropship.writing import FORWARD
from orders.services.nudging import nudge

RECALLED = "called back"


def recall_sub_orders(
    order: Order,
    *,
    at: datetime,
    positions: Collection[str] | None = None,
    warehouse_ids: Collection[int] | None = None,
) -> int:
    """Call back what partners have not sent yet: all of it, or what holds some lines, or what lies
    in some warehouses; returns how many.

    Who may have heard of one is told so after commit. What is still wanted of it is written anew by
    the next look at the order. Locks: the sub-orders, after their order. Queries: 1, 2 a sub-order.
    """
    live = SubOrder.objects.live().filter(order=order)
    if positions is not None:
        places = [int(position) for position in positions]
        inside = live.filter(lines__line__position__in=places)
        live = live.filter(pk__in=inside.values("pk"))
    if warehouse_ids is not None:
        live = live.filter(warehouse__in=warehouse_ids)
    rows = list(live.locked())
    for sub in rows:
        sub.state, sub.ended_at, sub.attempts, sub.last_error = SubOrder.State.CANCELLED, at, 0, ""
        sub.next_at = at if sub.told_at else None
        sub.save(update_fields=["state", "ended_at", "attempts", "last_error", "next_at"])
        end_alarm(sub.number, at=at, outcome=RECALLED)
    if rows:
        nudge(FORWARD)
    return len(rows)
