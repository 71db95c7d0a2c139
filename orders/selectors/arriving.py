"""When an order would arrive, when it was promised to, and whether it did. Source: O-52, I-19."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, DateTimeField, Exists, F, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import Greatest

from inventory.models import AllocationLog, PromiseCode, Warehouse
from inventory.selectors import Promise, outlook, promised
from mall.kernel import clock
from orders.models import Order
from orders.services.quoting import Quoted

SENT = (Order.Status.SHIPPED, Order.Status.RECEIVED, Order.Status.COMPLETED)
LONGEST_TO_PAY = timedelta(days=7)


def arrival_of_quote(quoted: Quoted, region_code: str | None, at: datetime) -> Promise | None:
    """What an order of this quote would be promised if it was placed and paid now.

    None without a region, for goods that are not there, and for a presale, which comes when it
    comes. Queries: 1 or 0.
    """
    is_presale = any(line.offer and line.offer.kind == "presale" for line in quoted.quote.lines)
    if not region_code or is_presale:
        return None
    wanted = [(line.sku_id, line.quantity) for line in quoted.lines]
    ids = {sku_id for sku_id, _pieces in wanted}
    kits = {sku_id: quoted.skus[sku_id].kit for sku_id in ids if quoted.skus[sku_id].parts}
    return outlook(ids, region_code, kits).promise(wanted, at)


def arrival_of_order(order: Order) -> Promise | None:
    """What an order that is on its way, or may still be, was promised. Queries: 1 or 0."""
    if order.delivery != Order.Delivery.CARRIER or order.status == Order.Status.CLOSED:
        return None
    return promised([order.number]).get(order.number)


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How one promise of one warehouse was kept; ``waiting`` is neither here nor late yet."""

    warehouse: Warehouse
    promise: PromiseCode
    orders: int
    on_time: int
    late: int

    @property
    def waiting(self) -> int:
        return self.orders - self.on_time - self.late

    @property
    def on_time_bp(self) -> int | None:
        """Of those that are decided, in basis points; None while none is."""
        decided = self.on_time + self.late
        return self.on_time * 10_000 // decided if decided else None


def punctuality(since: date, until: date, at: datetime) -> list[Punctuality]:
    """Of the orders paid on the business days from ``since`` to ``until``: who kept what promise.

    An order counts by its last allocation and its last parcel; one that is not signed when its
    promise ends is late. What was cancelled and what is fetched in a store is left out.
    Queries: 2.
    """
    window = (clock.bounds(since)[0], clock.bounds(until)[1])
    here = Q(signed_at__lte=F("due_at"))
    counts = (
        _measured(window)
        .values("warehouse_id", "held_code")
        .annotate(
            orders=Count("pk"),
            on_time=Count("pk", filter=here),
            late=Count(
                "pk", filter=Q(signed_at__gt=F("due_at")) | Q(signed_at=None, due_at__lt=at)
            ),
        )
        .order_by("warehouse__priority", "warehouse_id", "held_code")
    )
    rows = list(counts)
    houses = Warehouse.objects.in_bulk([row["warehouse_id"] for row in rows])
    return [
        Punctuality(
            houses[row["warehouse_id"]],
            PromiseCode(row["held_code"]),
            row["orders"],
            row["on_time"],
            row["late"],
        )
        for row in rows
    ]


def _measured(window: tuple[datetime, datetime]) -> Any:
    """Allocations with what their orders did: paid_at, signed_at, held_code, due_at.

    ``due_at`` is `inventory.routing.Promise.due_at` in SQL; a test holds the two together.
    """
    number = OuterRef("order_number")
    orders = Order.objects.filter(number=number, delivery=Order.Delivery.CARRIER).exclude(
        status=Order.Status.CLOSED
    )
    logs = AllocationLog.objects.filter(order_number=number)
    later = logs.filter(attempt__gt=OuterRef("attempt"))
    twin = logs.filter(attempt=OuterRef("attempt"), stock=AllocationLog.Stock.ACTIVITY)
    is_gift = Q(stock=AllocationLog.Stock.FREE) & Exists(twin)
    is_late = Q(pay_by__isnull=False, paid_at__gte=F("pay_by"))
    by_hour = Q(promise_code=PromiseCode.WITHIN_HOURS)
    return (
        AllocationLog.objects.filter(~Exists(later), at__gte=window[0] - LONGEST_TO_PAY)
        .exclude(is_gift)
        .annotate(
            paid_at=Subquery(orders.values("paid_at")[:1]), signed_at=Subquery(_arrived(orders))
        )
        .filter(paid_at__gte=window[0], paid_at__lt=window[1])
        .annotate(
            held_code=Case(When(is_late, then=F("later_code")), default=F("promise_code")),
            due_at=Case(
                When(by_hour, then=F("promised_at") + (Greatest(F("paid_at"), F("at")) - F("at"))),
                When(is_late, then=F("later_at")),
                default=F("promised_at"),
                output_field=DateTimeField(),
            ),
        )
    )


def _arrived(orders: Any) -> Any:
    """When the last parcel was signed, or the shopper confirmed; None while one is on its way."""
    unsigned = Count("shipments", filter=Q(shipments__signed_at=None))
    return (
        orders.filter(status__in=SENT)
        .annotate(unsigned=unsigned, last=Max("shipments__signed_at"))
        .values(arrived=Case(When(unsigned=0, then=F("last")), default=F("received_at")))[:1]
    )
