"""Daily tables from the orders: rerunnable, in a number of queries that does not grow with the
days.

Source: requirement A-04, INV-33. A day is [00:00, 24:00) in Shanghai.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate

from analytics.models import DailyProduct, DailyReport
from mall.kernel import clock
from members.models import Member
from orders.models import Order, OrderLine, Refund
from promotions.models import CouponGrant

FIGURES = (
    "placed_orders",
    "paid_orders",
    "buyers",
    "units",
    "gmv_fen",
    "discount_fen",
    "freight_fen",
    "refund_fen",
    "below_cost_fen",
    "new_members",
    "coupons_used",
)


COST = F("sku__cost_fen") * F("quantity")
LOSS = COST - F("payable_fen")
"""What a line brought less than its pieces cost (C-74): by the cost that the SKU has now."""


def aggregate_recent(at: datetime, days: int = 3) -> int:
    """Build the last ``days`` business days again, today included; late events find their day."""
    today = clock.day_of(at)
    return aggregate_days(first=today - timedelta(days=days - 1), last=today, at=at)


@transaction.atomic
def aggregate_days(*, first: date, last: date, at: datetime) -> int:
    """Write DailyReport and DailyProduct of the days ``first``..``last``; returns the number of
    days.

    A rerun writes the same figures. Queries: 11, whatever the span.
    """
    start, end = clock.bounds(first)[0], clock.bounds(last)[1]
    figures: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    for rows in _figures(start, end):
        for row in rows:
            figures[row.pop("day")].update({name: value or 0 for name, value in row.items()})
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    DailyReport.objects.bulk_create(
        [DailyReport(day=day, as_of=at, **figures[day]) for day in days],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=[*FIGURES, "as_of"],
    )
    _write_products(first, last, start, end)
    return len(days)


def _by_day(rows: Any, column: str, start: datetime, end: datetime) -> Any:
    inside = {f"{column}__gte": start, f"{column}__lt": end}
    day = TruncDate(column, tzinfo=clock.SHANGHAI)
    return rows.filter(**inside).annotate(day=day).order_by().values("day")


def _figures(start: datetime, end: datetime) -> Iterable[Any]:
    paid = _by_day(Order.objects.all(), "paid_at", start, end)
    yield _by_day(Order.objects.all(), "placed_at", start, end).annotate(placed_orders=Count("pk"))
    yield paid.annotate(
        paid_orders=Count("pk"),
        buyers=Count("member", distinct=True),
        gmv_fen=Sum("paid_fen"),
    )
    yield paid.annotate(discount_fen=Sum(F("discount_fen")), freight_fen=Sum(F("freight_fen")))
    yield _by_day(OrderLine.objects.all(), "order__paid_at", start, end).annotate(
        units=Sum("quantity")
    )
    yield _by_day(_below_cost(), "order__paid_at", start, end).annotate(below_cost_fen=Sum(LOSS))
    succeeded = Refund.objects.filter(status=Refund.Status.SUCCEEDED)
    yield _by_day(succeeded, "succeeded_at", start, end).annotate(refund_fen=Sum("amount_fen"))
    yield _by_day(Member.objects.all(), "joined_at", start, end).annotate(new_members=Count("pk"))
    yield _by_day(CouponGrant.objects.all(), "used_at", start, end).annotate(
        coupons_used=Count("pk")
    )


def _below_cost() -> Any:
    """Lines sold for less than they cost; a gift is no sale."""
    return OrderLine.objects.filter(is_gift=False, payable_fen__lt=COST)


def _write_products(first: date, last: date, start: datetime, end: datetime) -> None:
    DailyProduct.objects.filter(day__range=(first, last)).delete()
    sold = OrderLine.objects.filter(product__isnull=False)
    rows = (
        _by_day(sold, "order__paid_at", start, end)
        .values("day", "product_id")
        .annotate(
            pieces=Sum("quantity"),
            paid=Sum("payable_fen"),
            deals=Count("order", distinct=True),
            lost=Sum(LOSS, filter=Q(is_gift=False, payable_fen__lt=COST), default=0),
        )
    )
    DailyProduct.objects.bulk_create(
        [
            DailyProduct(
                day=row["day"],
                product_id=row["product_id"],
                units=row["pieces"],
                gmv_fen=row["paid"],
                orders=row["deals"],
                below_cost_fen=row["lost"],
            )
            for row in rows.iterator(chunk_size=2000)
        ],
        batch_size=2000,
    )
