"""The weekly sales of every product, from the daily tables, told to the catalogue. Source: C-70."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from analytics.models import DailyProduct
from catalog.models import Product
from catalog.services import SALES_WEEKS, stage_products
from mall.kernel import clock

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
BATCH = 1000


def stage_all_products(at: datetime) -> int:
    """Tell the stage of every product on sale by its weeks up to yesterday; returns how many moved.

    Safe to run twice. Queries: 3 for each 1,000 products, and 1 for each stage that changed.
    """
    moved, last = 0, 0
    while ids := _batch(last):
        sales = weekly_sales(ids, clock.day_of(at))
        moved += stage_products(sales=sales, at=at)
        last = ids[-1]
    return moved


def weekly_sales(product_ids: Collection[int], today: date) -> dict[int, list[int]]:
    """Pieces of each week before ``today``, the latest last, by product id. Queries: 1."""
    weeks = {pk: [0] * SALES_WEEKS for pk in product_ids}
    rows = DailyProduct.objects.filter(
        product__in=product_ids, day__gte=today - SALES_WEEKS * WEEK, day__lt=today
    )
    for product_id, day, units in rows.values_list("product_id", "day", "units"):
        weeks[product_id][SALES_WEEKS - 1 - (today - day - DAY) // WEEK] += units
    return weeks


def _batch(after: int) -> list[int]:
    rows = Product.objects.on_sale().filter(pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])
