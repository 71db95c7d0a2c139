"""Nothing is forgotten: what is late, stalled or different becomes a task for somebody.

Source: requirements O-19, O-20, O-26. Every look is safe to repeat: a cause has one open task, and
one that somebody has finished rests a while (`FulfilmentPolicy.rest_hours`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Concat, Replace

from inventory.models import Reservation
from mall.kernel import clock
from orders import words
from orders.models import BillFinding, Order, OrderCheck, OrderTask, Shipment
from orders.models.pick import FulfilmentPolicy
from orders.services.awaiting import awaiting_goods
from orders.services.fulfilment.sorting_paid import fulfilment_policy
from orders.services.tasking import close_tasks, escalate_tasks, open_task

Kind, Status = OrderTask.Kind, Order.Status
WAITING = (Order.Stage.GROUPING, Order.Stage.IN_REVIEW)
ADDRESS_REASONS = ("address_short", "address_without_number", "region_blocked")
RISK_REASONS = tuple(f"risk_{code}" for code in words.RISK_REASONS)
PROMISE = "/promise"
"""What the cause of a parcel that is late is called by, behind its number."""
GONE = "gone"
"""The outcome of a task whose cause went away by itself."""


def watch_orders(at: datetime, limit: int = 200) -> int:
    """Open tasks for what is wrong now, close those whose cause is gone, tell the supervisors of
    overdue ones; returns how many were opened."""
    policy = fulfilment_policy()
    rested = at - timedelta(hours=policy.rest_hours)
    opened = (
        _watch_late(policy, rested, at, limit)
        + _watch_short(rested, at, limit)
        + _watch_stalled(policy, rested, at, limit)
        + _watch_promises(rested, at, limit)
        + _watch_checks(Kind.ADDRESS_ERROR, ADDRESS_REASONS, rested, at, limit)
        + _watch_checks(Kind.RISK_REVIEW, RISK_REASONS, rested, at, limit)
        + _watch_bills(rested, at, limit)
    )
    close_gone(at)
    escalate_tasks(at)
    return opened


def late_orders(policy: FulfilmentPolicy, at: datetime) -> QuerySet[Order]:
    """Orders that were paid too long ago and have not left; those that wait for their group, or a
    shop, or a person who checks them, are not late, nor is a presale before its day is over."""
    paid_before = at - timedelta(hours=policy.late_hours)
    waiting = Order.objects.filter(
        status__in=[Status.PAID, Status.PART_SHIPPED],
        delivery=Order.Delivery.CARRIER,
        paid_at__lte=paid_before,
    )
    is_due = Q(ships_on__isnull=True) | Q(ships_on__lt=clock.day_of(at))
    return waiting.exclude(stage__in=WAITING).filter(is_due)


def short_presales(at: datetime) -> QuerySet[Order]:
    """Presale orders whose day has come, and whose goods have not."""
    return awaiting_goods().exclude(stage__in=WAITING).filter(ships_on__lte=clock.day_of(at))


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


def _watch_late(policy: FulfilmentPolicy, rested: datetime, at: datetime, limit: int) -> int:
    late = _without_task(late_orders(policy, at), Kind.LATE_SHIPPING, "number", rested)
    return sum(
        open_task(
            kind=Kind.LATE_SHIPPING,
            reference=order.number,
            order=order,
            facts={"paid_at": order.paid_at.isoformat() if order.paid_at else ""},
            at=at,
        )
        for order in late.order_by("paid_at")[:limit]
    )


def _watch_short(rested: datetime, at: datetime, limit: int) -> int:
    short = _without_task(short_presales(at), Kind.STOCK_SHORT, "number", rested)
    return sum(
        open_task(
            kind=Kind.STOCK_SHORT,
            reference=order.number,
            order=order,
            facts={"ships_on": order.ships_on.isoformat() if order.ships_on else ""},
            at=at,
        )
        for order in short.order_by("paid_at", "pk")[:limit]
    )


def _watch_stalled(policy: FulfilmentPolicy, rested: datetime, at: datetime, limit: int) -> int:
    found = _without_task(stalled_parcels(policy, at), Kind.TRACKING_STALLED, "number", rested)
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


def _watch_promises(rested: datetime, at: datetime, limit: int) -> int:
    """Parcels that are not there though their carrier's time is over (O-19)."""
    late = _on_the_way().filter(promised_at__lte=at)
    named = late.annotate(cause=Concat("number", Value(PROMISE)))
    found = _without_task(named, Kind.TRACKING_STALLED, "cause", rested)
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


def _watch_checks(
    kind: OrderTask.Kind, codes: Iterable[str], rested: datetime, at: datetime, limit: int
) -> int:
    """Orders whose check found something of a kind: the address is wanting, so that somebody asks
    the buyer; or their payment was grave, and they wait for a decision."""
    checks = OrderCheck.objects.filter(verdict="").annotate(number=F("order__number"))
    wanting = Q()
    for code in codes:
        wanting |= Q(reasons__contains=[{"code": code}])
    found = _without_task(checks.filter(wanting), kind, "number", rested)
    return sum(
        open_task(
            kind=kind,
            reference=check.order.number,
            order=check.order,
            facts={"reasons": [reason["code"] for reason in check.reasons]},
            at=at,
        )
        for check in found.select_related("order").order_by("pk")[:limit]
    )


def _watch_bills(rested: datetime, at: datetime, limit: int) -> int:
    findings = BillFinding.objects.filter(state=BillFinding.State.OPEN)
    found = _without_task(findings, Kind.PAYMENT_MISMATCH, "number", rested)
    return sum(
        open_task(
            kind=Kind.PAYMENT_MISMATCH,
            reference=finding.number,
            facts={"finding": finding.pk, "kind": finding.kind},
            at=at,
        )
        for finding in found.order_by("pk")[:limit]
    )


def _without_task(rows: QuerySet, kind: OrderTask.Kind, column: str, rested: datetime) -> QuerySet:
    """Rows whose cause has no task that is open, or that somebody finished after ``rested``; what
    the shop closed by itself and came back is a task at once."""
    is_known = Q(closed_at__isnull=True) | Q(closed_by__isnull=False, closed_at__gt=rested)
    known = OrderTask.objects.filter(is_known, kind=kind, reference=OuterRef(column))
    return rows.exclude(Exists(known))


def close_gone(at: datetime) -> int:
    """Close the tasks whose cause went away: shipped, held back, held, signed for, decided, solved.
    Queries: 6, 1 a closed task."""
    undecided = OrderCheck.objects.filter(order=OuterRef("order"), verdict="")
    parcel = Replace(OuterRef("reference"), Value(PROMISE), Value(""))
    moved = {
        Kind.LATE_SHIPPING: _references(Kind.LATE_SHIPPING).exclude(
            ~Q(order__stage__in=WAITING), order__status__in=[Status.PAID, Status.PART_SHIPPED]
        ),
        Kind.STOCK_SHORT: _no_longer_short(),
        Kind.ADDRESS_ERROR: _references(Kind.ADDRESS_ERROR).exclude(Exists(undecided)),
        Kind.RISK_REVIEW: _references(Kind.RISK_REVIEW).exclude(Exists(undecided)),
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


def _no_longer_short() -> QuerySet[OrderTask]:
    """The goods of a presale have come, or those that were not there are held elsewhere by now."""
    held = Reservation.objects.of_source(Reservation.Source.ORDER, OuterRef("order__number")).open()
    still_there = held.filter(item__warehouse__code=OuterRef("house"))
    short = _references(Kind.STOCK_SHORT).annotate(house=KT("facts__warehouse"))
    return short.filter(
        ~Q(order__status__in=[Status.PAID, Status.PART_SHIPPED])
        | Q(Exists(held), house__isnull=True)
        | Q(~Exists(still_there), house__isnull=False)
    )


def _references(kind: OrderTask.Kind) -> QuerySet[OrderTask]:
    return OrderTask.objects.open().filter(kind=kind)


def _close_all(kind: OrderTask.Kind, tasks: Iterable[OrderTask], at: datetime) -> int:
    return sum(
        close_tasks(kind=kind, reference=task.reference, at=at, outcome=GONE) for task in tasks
    )
