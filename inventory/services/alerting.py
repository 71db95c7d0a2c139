"""Restock alerts: one per crossing of the safety stock, told once.

Source: requirement I-05, INV-43.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from inventory.events import StockRanLow
from inventory.forecast import suggested_order
from inventory.models import RestockAlert, StockItem
from inventory.selectors import buyer_ids
from inventory.services.recovering import close_recovered
from mall.kernel.notify import notify
from mall.kernel.outbox import publish

BATCH = 200
NAMED = 5


def raise_alerts(at: datetime) -> int:
    """Close the alerts of stock that recovered, raise one for each row that ran low since.

    Works in batches of 200 rows, each its own transaction; running it twice raises none twice.
    Returns the number raised.
    """
    close_recovered(at)
    raised = 0
    while low := _low_and_silent():
        raised += len(_raise(low, at))
    return raised


def _low_and_silent() -> list[int]:
    alerts = RestockAlert.objects.open().filter(item=OuterRef("pk"))
    low = StockItem.objects.below_safety().in_use().exclude(Exists(alerts))
    return list(low.order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _raise(item_ids: Sequence[int], at: datetime) -> list[RestockAlert]:
    """Locks: the stock rows, pk order: a rival that waited here finds the alert already open."""
    items = list(
        StockItem.objects.filter(pk__in=item_ids).below_safety().select_related("sku").locked()
    )
    alerted = set(
        RestockAlert.objects.open().filter(item__in=items).values_list("item_id", flat=True)
    )
    low = [item for item in items if item.pk not in alerted]
    if not low:
        return []
    for item in low:
        item.crossings += 1
    StockItem.objects.bulk_update(low, ["crossings"])
    alerts = RestockAlert.objects.bulk_create([_alert(item, at) for item in low])
    _tell_buyers(alerts, at)
    publish(StockRanLow(alert_ids=tuple(alert.pk for alert in alerts), at=at))
    return alerts


def _alert(item: StockItem, at: datetime) -> RestockAlert:
    return RestockAlert(
        item=item,
        crossing=item.crossings,
        available=item.available,
        threshold=item.safety_stock,
        suggested_quantity=suggested_order(item.available, item.safety_stock),
        raised_at=at,
    )


def _tell_buyers(alerts: Sequence[RestockAlert], at: datetime) -> None:
    """One message a batch: each alert is named in exactly one, however often the task runs."""
    named = [f"{alert.item.sku.code} ×{alert.suggested_quantity}" for alert in alerts[:NAMED]]
    notify(
        buyer_ids(),
        "inventory.restock",
        {"count": len(alerts), "skus": ", ".join(named)},
        route=("admin:inventory_restockalert_changelist", ()),
        source=f"restock:{alerts[0].pk}",
        at=at,
    )
