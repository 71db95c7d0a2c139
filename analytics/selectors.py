"""What dashboards read: the daily tables, never the orders themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from analytics.metrics import change_bp, share
from analytics.models import DailyProduct, DailyReport


@dataclass(frozen=True, slots=True)
class Trade:
    """Figures of a span of days, and how GMV compares with the span of equal length before it."""

    gmv_fen: int
    paid_orders: int
    placed_orders: int
    units: int
    discount_fen: int
    freight_fen: int
    refund_fen: int
    new_members: int
    coupons_used: int
    average_order_fen: int | None
    gmv_change_bp: int | None
    orders_change_bp: int | None


SUMMED = (
    "gmv_fen",
    "paid_orders",
    "placed_orders",
    "units",
    "discount_fen",
    "freight_fen",
    "refund_fen",
    "new_members",
    "coupons_used",
)


def trade(*, first: date, last: date) -> Trade:
    """Sums of the days ``first``..``last`` beside the days before them. Queries: 2."""
    span = last - first + timedelta(days=1)
    now, before = _sums(first, last), _sums(first - span, first - timedelta(days=1))
    return Trade(
        **now,
        average_order_fen=share(now["gmv_fen"], now["paid_orders"]),
        gmv_change_bp=change_bp(now["gmv_fen"], before["gmv_fen"]),
        orders_change_bp=change_bp(now["paid_orders"], before["paid_orders"]),
    )


def daily(*, first: date, last: date) -> Sequence[DailyReport]:
    """One row a day, oldest first; days without a row are left out. Queries: 1."""
    return list(DailyReport.objects.filter(day__range=(first, last)).order_by("day"))


def best_products(*, first: date, last: date, limit: int = 10) -> list[dict[str, object]]:
    """Products by money in the span: product_id, titles, units, gmv_fen. Queries: 1."""
    rows = DailyProduct.objects.filter(day__range=(first, last)).order_by()
    return list(
        rows.values("product_id", "product__title_zh", "product__title_en")
        .annotate(sold=Sum("units"), paid_fen=Sum("gmv_fen"))
        .order_by("-paid_fen", "product_id")[:limit]
    )


def _sums(first: date, last: date) -> dict[str, int]:
    sums = DailyReport.objects.filter(day__range=(first, last)).aggregate(
        **{f"sum_{name}": Sum(name) for name in SUMMED}
    )
    return {name: int(sums[f"sum_{name}"] or 0) for name in SUMMED}
