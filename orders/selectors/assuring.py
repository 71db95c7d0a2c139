"""What a buyer may rely on before paying: the days to send goods back without a reason.

Source: requirement O-54.
"""

from collections.abc import Iterable, Sequence

from orders.models import AfterSalePolicy, Order, OrderLine


def return_days(category_paths: Iterable[Sequence[int]]) -> int:
    """The days without a reason that all goods of these categories (root first) have; 0 when some
    cannot be sent back so. Queries: 1."""
    rows = AfterSalePolicy.objects.values_list("category_id", "no_reason_days")
    days: dict[int | None, int] = dict(rows)
    usual = days.get(None, AfterSalePolicy().no_reason_days)
    return min(
        (next((days[pk] for pk in reversed(path) if pk in days), usual) for path in category_paths),
        default=usual,
    )


def return_days_of(order: Order) -> int:
    """The same of the goods of an order; gifts go with what they came with. Queries: 2."""
    lines = OrderLine.objects.filter(order=order, is_gift=False, product__isnull=False)
    return return_days(lines.values_list("product__category__path_ids", flat=True))
