"""The stage of life of each product, told by its sales. Source: requirement C-70."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from catalog.models import Product
from catalog.quality import WEEKS, Stage, stage_of
from mall.kernel import clock

SALES_WEEKS = WEEKS
"""How many weeks of sales a stage is told by."""

WEEK = timedelta(days=7)


@transaction.atomic
def stage_products(*, sales: Mapping[int, Sequence[int]], at: datetime) -> int:
    """Store the stages that weekly sales tell; returns how many changed.

    ``sales`` are product id -> pieces of each of SALES_WEEKS weeks, the latest last; only products
    on sale have a stage. Locks: products, by update. Queries: 1, and 1 a stage that changed.
    """
    changed: dict[Stage, list[int]] = defaultdict(list)
    rows = Product.objects.on_sale().filter(pk__in=sales).order_by("pk")
    for pk, listed_at, known in rows.values_list("pk", "listed_at", "stage"):
        stage = stage_of(sales[pk], _weeks_on_sale(listed_at, at))
        if stage != known:
            changed[stage].append(pk)
    for stage, ids in sorted(changed.items()):
        Product.objects.filter(pk__in=ids).update(stage=stage)
    return sum(map(len, changed.values()))


def _weeks_on_sale(listed_at: datetime | None, at: datetime) -> int:
    return (clock.day_of(at) - clock.day_of(listed_at)) // WEEK if listed_at else 0
