"""Waiting for a SKU to be back in stock, and being told so once. Source: requirement I-08."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from catalog.models import Sku
from inventory.errors import StillInStock
from inventory.models import StockWatch
from inventory.selectors import available_pieces
from mall.kernel.errors import NotFound
from mall.kernel.notify import notify

BATCH = 500


def watch_sku(*, sku_id: int, account_id: int, at: datetime) -> StockWatch:
    """Wait for a sold-out SKU; asking twice is waiting once.

    Raises: NotFound for what is not on sale, StillInStock.
    """
    if not Sku.objects.buyable().filter(pk=sku_id).exists():
        raise NotFound
    if available_pieces([sku_id])[sku_id]:
        raise StillInStock
    watch, _new = StockWatch.objects.get_or_create(
        sku_id=sku_id, account_id=account_id, told_at=None, defaults={"asked_at": at}
    )
    return watch


def unwatch_sku(*, sku_id: int, account_id: int) -> bool:
    """Wait no longer; False when nobody waited."""
    waiting = StockWatch.objects.waiting().filter(sku=sku_id, account=account_id)
    return bool(waiting.delete()[0])


@transaction.atomic
def tell_watchers(at: datetime) -> int:
    """Tell those who wait for SKUs that can be bought again; returns how many were told.

    Locks: the wishes, pk order, so that no two runs tell the same one. Queries: 5, and 1 a SKU;
    2 when nothing came back.
    """
    waiting = StockWatch.objects.waiting()
    free = available_pieces(waiting.order_by().values_list("sku_id", flat=True).distinct())
    back = [sku_id for sku_id, pieces in free.items() if pieces]
    if not back:
        return 0
    by_sku: dict[int, list[StockWatch]] = defaultdict(list)
    for watch in waiting.filter(sku__in=back).locked()[:BATCH]:
        by_sku[watch.sku_id].append(watch)
    for sku in Sku.objects.filter(pk__in=by_sku).select_related("product").order_by("pk"):
        _tell(sku, by_sku[sku.pk], at)
    told = [watch.pk for group in by_sku.values() for watch in group]
    StockWatch.objects.filter(pk__in=told).update(told_at=at)
    return len(told)


def _tell(sku: Sku, watches: list[StockWatch], at: datetime) -> None:
    """The oldest wish names the round: a SKU that sells out again may be told of again."""
    notify(
        [watch.account_id for watch in watches],
        "inventory.back_in_stock",
        {"title": sku.product.title_zh},
        route=("storefront:product", (sku.product_id,)),
        source=f"back:{sku.pk}:{watches[0].pk}",
        at=at,
    )
