"""Exceptions become tasks: opened once per cause, closed when the cause is gone.

Source: requirement O-26.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from orders.models import Order, OrderTask

DUE_WITHIN: Mapping[str, timedelta] = {
    OrderTask.Kind.STOCK_SHORT: timedelta(hours=4),
    OrderTask.Kind.ADDRESS_ERROR: timedelta(hours=4),
    OrderTask.Kind.LATE_SHIPPING: timedelta(hours=8),
    OrderTask.Kind.PAYMENT_MISMATCH: timedelta(hours=24),
    OrderTask.Kind.TRACKING_STALLED: timedelta(hours=24),
    OrderTask.Kind.DROPSHIP_FAILED: timedelta(hours=4),
    OrderTask.Kind.PICKUP: timedelta(hours=24),
    OrderTask.Kind.REFUND_STUCK: timedelta(hours=24),
    OrderTask.Kind.RISK_REVIEW: timedelta(hours=4),
}
"""How long a person has, where the caller names no time of its own."""


def open_task(
    *,
    kind: OrderTask.Kind,
    reference: str,
    at: datetime,
    order: Order | None = None,
    facts: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Open a task for a cause; False when one is open already. Locks: none, a unique index decides.
    Queries: 3.
    """
    try:
        with transaction.atomic():
            OrderTask.objects.create(
                kind=kind,
                reference=reference,
                order=order,
                facts=dict(facts or {}),
                opened_at=at,
                due_at=due_at or at + DUE_WITHIN[kind],
            )
    except IntegrityError as error:
        if "order_task_once_while_open" not in str(error):
            raise
        return False
    return True


def close_tasks(*, kind: OrderTask.Kind, reference: str, at: datetime, outcome: str = "") -> int:
    """Close the task of a cause that is gone; how many were open. Queries: 1."""
    waiting = OrderTask.objects.open().filter(kind=kind, reference=reference)
    return waiting.update(closed_at=at, outcome=outcome)
