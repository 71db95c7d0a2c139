"""The shop's figures over a span of days: from the daily tables, never from the orders themselves.

Source: requirement A-05.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from analytics.metrics import change_bp, share
from analytics.models import DailyProduct, DailyReport

FIGURES = (
    "gmv_fen",
    "paid_orders",
    "average_order_fen",
    "units",
    "placed_orders",
    "refund_fen",
    "discount_fen",
    "freight_fen",
    "below_cost_fen",
    "new_members",
    "coupons_used",
)
"""What a span can be asked for; all but the average of an order are sums of days."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days ``first``..``last``, one report each; unsaved zeros for a day never built."""

    first: date
    last: date
    days: tuple[DailyReport, ...]

    def total(self, figure: str) -> int | None:
        """A figure of the whole span, fen or a count; None for the average of no orders."""
        if figure == "average_order_fen":
            return share(self._sum("gmv_fen"), self._sum("paid_orders"))
        return self._sum(figure)

    @property
    def missing(self) -> int:
        """Days that have no report yet."""
        return sum(day.pk is None for day in self.days)

    @property
    def as_of(self) -> datetime | None:
        """When the oldest report of the span was built; None when there is none."""
        return min((day.as_of for day in self.days if day.pk is not None), default=None)

    def _sum(self, figure: str) -> int:
        return sum(int(getattr(day, figure)) for day in self.days)


@dataclass(frozen=True, slots=True)
class Trade:
    """A span beside the span of equal length before it."""

    now: Span
    before: Span

    def change_bp(self, figure: str) -> int | None:
        """How a figure changed in basis points; None where there was nothing to compare with."""
        now, before = self.now.total(figure), self.before.total(figure)
        return None if now is None or before is None else change_bp(now, before)


@dataclass(frozen=True, slots=True)
class ProductTrade:
    """One product over a span."""

    product_id: int
    title_zh: str
    title_en: str
    units: int
    orders: int
    gmv_fen: int


def trade(*, first: date, last: date) -> Trade:
    """The days ``first``..``last`` and as many days before them. Queries: 1."""
    length = last - first + timedelta(days=1)
    rows = DailyReport.objects.filter(day__range=(first - length, last))
    known = {row.day: row for row in rows}
    return Trade(now=_span(first, last, known), before=_span(first - length, last - length, known))


@dataclass(frozen=True, slots=True)
class ProductLoss:
    """One product that was sold below its cost over a span: what that lost."""

    product_id: int
    title_zh: str
    title_en: str
    units: int
    below_cost_fen: int


def _span(first: date, last: date, known: dict[date, DailyReport]) -> Span:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return Span(first, last, tuple(known.get(day) or DailyReport(day=day) for day in days))


def best_products(*, first: date, last: date, limit: int = 10) -> list[ProductTrade]:
    """Products by money in the span, the best first. Queries: 1."""
    rows = (
        DailyProduct.objects.filter(day__range=(first, last))
        .order_by()
        .values_list("product_id", "product__title_zh", "product__title_en")
        .annotate(sold=Sum("units"), deals=Sum("orders"), paid_fen=Sum("gmv_fen"))
        .order_by("-paid_fen", "product_id")[:limit]
    )
    return [ProductTrade(*row) for row in rows]


def loss_makers(*, first: date, last: date, limit: int = 10) -> list[ProductLoss]:
    """Products sold below their cost in the span, the dearest first; ``units`` are all pieces of
    those days (C-74). Queries: 1."""
    rows = (
        DailyProduct.objects.filter(day__range=(first, last), below_cost_fen__gt=0)
        .order_by()
        .values_list("product_id", "product__title_zh", "product__title_en")
        .annotate(sold=Sum("units"), lost=Sum("below_cost_fen"))
        .order_by("-lost", "product_id")[:limit]
    )
    return [ProductLoss(*row) for row in rows]
