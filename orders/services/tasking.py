"""Exceptions become tasks: opened once per cause for somebody, closed when the cause is gone.

Source: requirement O-26.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from mall.kernel.notify import notify
from members.models import Account
from orders import messages
from orders.errors import NotTheirWork, TaskOver
from orders.models import Order, OrderTask

Kind = OrderTask.Kind
DUE_WITHIN: Mapping[str, timedelta] = {
    Kind.STOCK_SHORT: timedelta(hours=4),
    Kind.ADDRESS_ERROR: timedelta(hours=4),
    Kind.LATE_SHIPPING: timedelta(hours=8),
    Kind.PAYMENT_MISMATCH: timedelta(hours=24),
    Kind.TRACKING_STALLED: timedelta(hours=24),
    Kind.DROPSHIP_FAILED: timedelta(hours=4),
    Kind.PICKUP: timedelta(hours=24),
    Kind.REFUND_STUCK: timedelta(hours=24),
    Kind.RISK_REVIEW: timedelta(hours=4),
}
"""How long a person has, where the caller names no time of its own."""
WORK_OF: Mapping[str, str] = {
    Kind.STOCK_SHORT: "add_shipment",
    Kind.ADDRESS_ERROR: "change_order",
    Kind.LATE_SHIPPING: "add_shipment",
    Kind.PAYMENT_MISMATCH: "change_billfinding",
    Kind.TRACKING_STALLED: "add_shipment",
    Kind.DROPSHIP_FAILED: "add_shipment",
    Kind.PICKUP: "add_shipment",
    Kind.REFUND_STUCK: "change_refund",
    Kind.RISK_REVIEW: "change_order",
}
"""Whose work a kind is: those who have this right over orders."""
SUPERVISE = "supervise_ordertask"


def open_task(
    *,
    kind: OrderTask.Kind,
    reference: str,
    at: datetime,
    order: Order | None = None,
    facts: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Open a task for a cause, for whoever of those whose work it is has the fewest; False when
    one is open already. Locks: none, a unique index decides. Queries: 4.
    """
    try:
        with transaction.atomic():
            OrderTask.objects.create(
                kind=kind,
                reference=reference,
                order=order,
                facts=dict(facts or {}),
                assignee=_next_in_turn(kind),
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


def workers_for(kind: str) -> QuerySet[Account]:
    """Operators whose work a kind of task is."""
    return _operators_with(WORK_OF[kind])


def _operators_with(codename: str) -> QuerySet[Account]:
    """Operators who hold a right over orders, by themselves or by their role."""
    rights = Permission.objects.filter(codename=codename, content_type__app_label="orders")
    given = Q(user_permissions__in=rights) | Q(groups__permissions__in=rights)
    ids = Account.objects.filter(given, is_staff=True, is_active=True).values("pk")
    return Account.objects.filter(pk__in=ids)


def _next_in_turn(kind: str) -> Account | None:
    """Supervisors are told of what is overdue; they work only where nobody else does."""
    own = OrderTask.objects.open().filter(assignee=OuterRef("pk")).order_by().values("assignee")
    load = Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), Value(0))
    leads = Q(pk__in=_operators_with(SUPERVISE).values("pk"))
    found: Account | None = (
        workers_for(kind).annotate(load=load, leads=leads).order_by("leads", "load", "pk").first()
    )
    return found


@atomic_retry()
def assign_task(*, task_id: int, assignee: Account, actor: Account, at: datetime) -> OrderTask:
    """Hand an open task to somebody whose work it is. Locks: the task. Raises: NotFound, TaskOver,
    NotTheirWork."""
    task = _open_one(task_id)
    if not workers_for(task.kind).filter(pk=assignee.pk).exists() and not assignee.is_superuser:
        raise NotTheirWork(name=str(assignee))
    before, task.assignee = task.assignee_id, assignee
    task.save(update_fields=["assignee"])
    audit.record(
        actor=actor,
        verb="orders.assign_task",
        target=task,
        at=at,
        before={"assignee": before},
        after={"assignee": assignee.pk},
    )
    return task


@atomic_retry()
def finish_task(*, task_id: int, outcome: str, actor: Account, at: datetime) -> OrderTask:
    """Somebody has seen to it, and says how. Locks: the task. Raises: NotFound, TaskOver."""
    task = _open_one(task_id)
    task.closed_at, task.closed_by, task.outcome = at, actor, outcome
    task.save(update_fields=["closed_at", "closed_by", "outcome"])
    audit.record(
        actor=actor,
        verb="orders.finish_task",
        target=task,
        at=at,
        after={"kind": task.kind, "reference": task.reference},
        reason=outcome,
    )
    return task


def _open_one(task_id: int) -> OrderTask:
    task: OrderTask | None = OrderTask.objects.filter(pk=task_id).locked().first()
    if task is None:
        raise NotFound
    if task.closed_at is not None:
        raise TaskOver
    return task


def escalate_tasks(at: datetime, limit: int = 200) -> int:
    """Tell the supervisors of tasks whose time is over, once each; returns how many."""
    overdue = OrderTask.objects.open().filter(due_at__lte=at, escalated_at__isnull=True)
    ids = list(overdue.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(_escalate(pk, at) for pk in ids)


@transaction.atomic
def _escalate(task_id: int, at: datetime) -> bool:
    """Locks: the task. Queries: 5."""
    waiting = OrderTask.objects.open().filter(pk=task_id, escalated_at__isnull=True)
    if not waiting.update(escalated_at=at):
        return False
    task = OrderTask.objects.select_related("assignee").get(pk=task_id)
    told = _operators_with(SUPERVISE).order_by("pk").values_list("pk", flat=True)
    notify(
        list(told),
        messages.TASK_OVERDUE,
        {
            "reference": task.reference,
            "kind": task.kind,
            "assignee": str(task.assignee or ""),
        },
        at=at,
        route=("admin:orders_ordertask_change", (task.pk,)),
        source=f"task:{task.pk}",
    )
    return True
