"""The operators' work right now: counted from the live tables, because a queue may not lag.

Source: ui.md section 6 (workbench), requirement X-34.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from analytics.metrics import change_bp
from inventory.models import RestockAlert
from inventory.selectors import open_alerts
from mall.kernel import clock
from mall.kernel.monitor.models import TaskRun
from orders.models import Order, Refund

TO_SHIP = (Order.Status.PAID, Order.Status.PART_SHIPPED)
TO_REFUND = (Refund.Status.PENDING, Refund.Status.FAILED)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait for somebody."""

    to_ship: int
    to_pay: int
    refunds_pending: int
    refunds_failed: int
    low_stock: int
    failed_tasks: int


@dataclass(frozen=True, slots=True)
class Turnover:
    """Money paid today until now, beside yesterday until the same time of day."""

    gmv_fen: int
    orders: int
    before_fen: int

    @property
    def change_bp(self) -> int | None:
        """The change in basis points; None when yesterday had nothing by this time."""
        return change_bp(self.gmv_fen, self.before_fen)


def work_waiting(at: datetime) -> Waiting:
    """Everything the workbench counts; failed tasks are those of the last 24 hours. Queries: 4."""
    open_orders = Order.objects.not_grouping().filter(status__in=(*TO_SHIP, Order.Status.UNPAID))
    orders = _by_status(open_orders)
    refunds = _by_status(Refund.objects.filter(status__in=TO_REFUND))
    failed = TaskRun.objects.filter(state=TaskRun.State.FAILED, started_at__gt=at - DAY)
    return Waiting(
        to_ship=sum(orders.get(status, 0) for status in TO_SHIP),
        to_pay=orders.get(Order.Status.UNPAID, 0),
        refunds_pending=refunds.get(Refund.Status.PENDING, 0),
        refunds_failed=refunds.get(Refund.Status.FAILED, 0),
        low_stock=RestockAlert.objects.open().count(),
        failed_tasks=failed.count(),
    )


def turnover_today(at: datetime) -> Turnover:
    """The business day's turnover up to ``at``, by the instant of payment. Queries: 1."""
    start = clock.bounds(clock.day_of(at))[0]
    today = Q(paid_at__gte=start, paid_at__lte=at)
    before = Q(paid_at__gte=start - DAY, paid_at__lte=at - DAY)
    sums = Order.objects.filter(today | before).aggregate(
        gmv=Sum("paid_fen", filter=today),
        orders=Count("pk", filter=today),
        before=Sum("paid_fen", filter=before),
    )
    return Turnover(int(sums["gmv"] or 0), sums["orders"], int(sums["before"] or 0))


def ship_queue(limit: int = 8) -> list[Order]:
    """Orders that wait for a parcel, the longest waiting first, with their lines. Queries: 2."""
    rows = Order.objects.not_grouping().filter(status__in=TO_SHIP).prefetch_related("lines")
    return list(rows.order_by("paid_at", "pk")[:limit])


def restock_queue(limit: int = 8) -> list[RestockAlert]:
    """The newest open restock alerts with SKU, product and warehouse. Queries: 1."""
    return list(open_alerts()[:limit])


def _by_status(rows: QuerySet) -> dict[str, int]:
    return dict(rows.order_by().values_list("status").annotate(number=Count("pk")))
