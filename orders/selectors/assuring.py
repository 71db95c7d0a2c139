"""What a buyer may rely on before paying: the days to send goods back.

Source: requirements O-44, O-54.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.core.cache import cache

from orders.models import AfterSalePolicy, Order, OrderLine
from orders.refunds import Window

POLICIES_KEY, POLICIES_SECONDS = "orders.after_sale_policies", 60
DAYS = ("no_reason_days", "quality_days", "exchange_days")


def windows_of(category_path: Sequence[int]) -> Window:
    """The days that goods of a category (its path, root first) may come back in, as its page says
    them; what a buyer asks for is judged by the rows themselves. Queries: 1, none within a minute
    of the last."""
    known: Mapping[int | None, tuple[int, int, int]]
    known = cache.get_or_set(POLICIES_KEY, _all_windows, POLICIES_SECONDS) or _all_windows()
    nearest = next((pk for pk in reversed(category_path) if pk in known), None)
    return Window(*known[nearest]) if nearest in known else Window()


def _all_windows() -> dict[int | None, tuple[int, int, int]]:
    rows = AfterSalePolicy.objects.values_list("category_id", *DAYS)
    return {category_id: (usual, faults, swap) for category_id, usual, faults, swap in rows}


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
