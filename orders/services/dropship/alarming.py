"""Somebody is told that a partner does not do what it should; once until it is put right.

Source: requirement O-28.
"""

from datetime import datetime

from mall.kernel.notify import notify, operators_with
from orders import messages
from orders.models import DropshipPolicy, OrderTask, SubOrder
from orders.services.tasking import close_tasks, open_task

FAILED = OrderTask.Kind.DROPSHIP_FAILED
TOLD = "inventory.get_supplier_alerts"


def dropship_policy() -> DropshipPolicy:
    """When somebody is told; the usual figures where nobody set them. Queries: 1."""
    return DropshipPolicy.objects.filter(pk=1).first() or DropshipPolicy(pk=1)


def raise_alarm(sub: SubOrder, *, reason: str, at: datetime, detail: str = "") -> bool:
    """Open the task of a sub-order and tell purchasing; False when one is open already."""
    is_new = open_task(
        kind=FAILED,
        reference=sub.number,
        order=sub.order,
        facts={"reason": reason, "warehouse": sub.warehouse.code, "detail": detail[:200]},
        at=at,
    )
    if is_new:
        notify(
            operators_with(TOLD),
            messages.DROPSHIP_FAILED,
            {"number": sub.number, "warehouse": sub.warehouse.title_zh},
            route=("admin:orders_suborder_change", (sub.pk,)),
            source=f"sub-order:{sub.number}:{at.isoformat()}",
            at=at,
        )
    return is_new


def end_alarm(number: str, *, at: datetime, outcome: str) -> None:
    """What was wrong with a sub-order is over. Queries: 1."""
    close_tasks(kind=FAILED, reference=number, at=at, outcome=outcome)
