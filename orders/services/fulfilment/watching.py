"""Nothing is forgotten: what is late, stalled or different becomes a task for somebody.

Source: requirements O-19, O-20, O-26. Every look is safe to repeat: a cause has one open task.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, Replace

from orders.models import BillFinding, Order, OrderCheck, OrderTask, Shipment
from orders.models.pick import FulfilmentPolicy
from orders.services.fulfilment.sorting_paid import fulfilment_policy
from orders.services.tasking import close_tasks, escalate_tasks, open_task

Kind, Status = OrderTask.Kind, Order.Status
ADDRESS_REASONS = ("address_short", "address_without_number", "region_blocked")
PROMISE = "/promise"
"""What the cause of a parcel that is late is called by, behind its number."""
GONE = "gone"
"""The outcome of a task whose cause went away by itself."""


def watch_orders(at: datetime, limit: int = 200) -> int:
    """Open tasks for what is wrong now, close those whose cause is gone, tell the supervisors of
    overdue ones; returns how many were opened."""
    policy = fulfilment_policy()
    opened = (
        _watch_late(policy, at, limit)
        + _watch_stalled(policy, at, limit)
        + _watch_promises(at, limit)
        + _watch_addresses(at, limit)
        + _watch_bills(at, limit)
    )
    close_gone(at)
    escalate_tasks(at)
    return opened


def late_orders(policy: FulfilmentPolicy, at: datetime) -> QuerySet[Order]:
    """Orders that were paid too long ago and have not left; those that wait for their group, or a
    shop, or a person who checks them, are not late."""
    paid_before = at - timedelta(hours=policy.late_hours)
    waiting = Order.objects.filter(
        status__in=[Status.PAID, Status.PART_SHIPPED],
        delivery=Order.Delivery.CARRIER,
        paid_at__lte=paid_before,
    )
    return waiting.exclude(stage=Order.Stage.GROUPING)


def stalled_parcels(policy: FulfilmentPolicy, at: datetime) -> QuerySet[Shipment]:
    """Parcels on their way without news for too long."""
    quiet_since = at - timedelta(hours=policy.stalled_hours)
    since = Coalesce(F("last_event_at"), F("shipped_at"))
    return _on_the_way().annotate(news_at=since).filter(news_at__lte=quiet_since)


def _on_the_way() -> QuerySet[Shipment]:
    return Shipment.objects.filter(
        signed_at__isnull=True,
        carrier__isnull=False,
        order__status__in=[Status.PART_SHIPPED, Status.SHIPPED],
    )


def _watch_late(policy: FulfilmentPolicy, at: datetime, limit: int) -> int:
    late = _without_task(late_orders(policy, at), Kind.LATE_SHIPPING, "number").order_by("paid_at")
    return sum(
        open_task(
            kind=Kind.LATE_SHIPPING,
            reference=order.number,
            order=order,
            facts={"paid_at": order.paid_at.isoformat() if order.paid_at else ""},
            at=at,
        )
        for order in late[:limit]
    )


def _watch_stalled(policy: FulfilmentPolicy, at: datetime, limit: int) -> int:
    found = _without_task(stalled_parcels(policy, at), Kind.TRACKING_STALLED, "number")
    return sum(
        open_task(
            kind=Kind.TRACKING_STALLED,
            reference=parcel.number,
            order=parcel.order,
            facts={"carrier": parcel.carrier_id, "tracking_no": parcel.tracking_no},
            at=at,
        )
        for parcel in found.select_related("order").order_by("shipped_at", "pk")[:limit]
    )


def _watch_promises(at: datetime, limit: int) -> int:
    """Parcels that are not there though their carrier's time is over (O-19)."""
    late = _on_the_way().filter(promised_at__lte=at)
    named = late.annotate(cause=Concat("number", Value(PROMISE)))
    found = _without_task(named, Kind.TRACKING_STALLED, "cause")
    return sum(
        open_task(
            kind=Kind.TRACKING_STALLED,
            reference=f"{parcel.number}{PROMISE}",
            order=parcel.order,
            facts={"promised_at": parcel.promised_at.isoformat() if parcel.promised_at else ""},
            at=at,
        )
        for parcel in found.select_related("order").order_by("promised_at", "pk")[:limit]
    )


def _watch_addresses(at: datetime, limit: int) -> int:
    """Orders whose check found the address wanting: somebody asks the buyer."""
    checks = OrderCheck.objects.filter(verdict="").annotate(number=F("order__number"))
    wanting = Q()
    for code in ADDRESS_REASONS:
        wanting |= Q(reasons__contains=[{"code": code}])
    found = _without_task(checks.filter(wanting), Kind.ADDRESS_ERROR, "number")
    return sum(
        open_task(
            kind=Kind.ADDRESS_ERROR,
            reference=check.order.number,
            order=check.order,
            facts={"reasons": [reason["code"] for reason in check.reasons]},
            at=at,
        )
        for check in found.select_related("order").order_by("pk")[:limit]
    )


def _watch_bills(at: datetime, limit: int) -> int:
    findings = BillFinding.objects.filter(state=BillFinding.State.OPEN)
    found = _without_task(findings, Kind.PAYMENT_MISMATCH, "number")
    return sum(
        open_task(
            kind=Kind.PAYMENT_MISMATCH,
            reference=finding.number,
            facts={"finding": finding.pk, "kind": finding.kind},
            at=at,
        )
        for finding in found.order_by("pk")[:limit]
    )


def _without_task(rows: QuerySet, kind: OrderTask.Kind, column: str) -> QuerySet:
    """Rows whose cause has no open task."""
    known = OrderTask.objects.open().filter(kind=kind, reference=OuterRef(column))
    return rows.exclude(Exists(known))


def close_gone(at: datetime) -> int:
    """Close the tasks whose cause went away: shipped, signed for, decided, solved. Queries: 4, 1 a
    closed task."""
    parcel = Replace(OuterRef("reference"), Value(PROMISE), Value(""))
    moved = {
        Kind.LATE_SHIPPING: _references(Kind.LATE_SHIPPING).exclude(
            order__status__in=[Status.PAID, Status.PART_SHIPPED]
        ),
        Kind.ADDRESS_ERROR: _references(Kind.ADDRESS_ERROR).exclude(
            Exists(OrderCheck.objects.filter(order=OuterRef("order"), verdict=""))
        ),
        Kind.TRACKING_STALLED: _references(Kind.TRACKING_STALLED).filter(
            Q(order__status__in=[Status.RECEIVED, Status.COMPLETED, Status.CLOSED])
            | Exists(Shipment.objects.filter(number=parcel, signed_at__isnull=False))
        ),
        Kind.PAYMENT_MISMATCH: _references(Kind.PAYMENT_MISMATCH).exclude(
            Exists(
                BillFinding.objects.filter(
                    number=OuterRef("reference"), state=BillFinding.State.OPEN
                )
            )
        ),
    }
    return sum(_close_all(kind, rows, at) for kind, rows in moved.items())


def _references(kind: OrderTask.Kind) -> QuerySet[OrderTask]:
    return OrderTask.objects.open().filter(kind=kind)


def _close_all(kind: OrderTask.Kind, tasks: Iterable[OrderTask], at: datetime) -> int:
    return sum(
        close_tasks(kind=kind, reference=task.reference, at=at, outcome=GONE) for task in tasks
    )
