"""Restock alerts: one per crossing of the threshold, told once, with what to order.

Source: requirements I-05, I-37, I-49, INV-43.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from inventory.events import StockRanLow
from inventory.forecast import Terms, pieces_needed, plan_order
from inventory.models import (
    PurchaseSuggestion,
    RestockAlert,
    RestockPolicy,
    StockForecast,
    StockItem,
    Warehouse,
)
from inventory.selectors import buyer_ids, supply_terms
from inventory.services.recovering import close_recovered
from mall.kernel import clock
from mall.kernel.notify import notify
from mall.kernel.outbox import publish

BATCH = 200
NAMED = 5
RESTOCK = "restock"


def raise_alerts(at: datetime) -> int:
    """Close the alerts of stock that recovered, raise one for each row of ours that ran low since.

    Works in batches of 200 rows, each its own transaction; running it twice raises none twice.
    Returns the number raised.
    """
    close_recovered(at)
    policy = RestockPolicy.objects.get(pk=1)
    raised = 0
    while low := _low_and_silent():
        raised += len(_raise(low, policy, at))
    return raised


def _low_and_silent() -> list[int]:
    alerts = RestockAlert.objects.open().filter(item=OuterRef("pk"))
    ours = StockItem.objects.in_use().exclude(warehouse__kind=Warehouse.Kind.SUPPLIER)
    low = ours.below_safety().exclude(Exists(alerts))
    return list(low.order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _raise(item_ids: Sequence[int], policy: RestockPolicy, at: datetime) -> list[RestockAlert]:
    low = _still_silent(item_ids)
    if not low:
        return []
    for item in low:
        item.crossings += 1
    StockItem.objects.bulk_update(low, ["crossings"])
    terms = supply_terms({item.sku_id for item in low}, policy)
    forecasts = StockForecast.objects.in_bulk([item.pk for item in low])
    alerts = RestockAlert.objects.bulk_create(
        [alert_of(item, forecasts.get(item.pk), terms[item.sku_id], policy, at) for item in low]
    )
    _suggest(alerts, at)
    _tell_buyers(alerts, at)
    publish(StockRanLow(alert_ids=tuple(alert.pk for alert in alerts), at=at))
    return alerts


def _still_silent(item_ids: Sequence[int]) -> list[StockItem]:
    """Locks: the stock rows, pk order: a rival that waited here finds the alert already open."""
    items = list(
        StockItem.objects.filter(pk__in=item_ids).below_safety().select_related("sku").locked()
    )
    alerted = set(
        RestockAlert.objects.open().filter(item__in=items).values_list("item_id", flat=True)
    )
    return [item for item in items if item.pk not in alerted]


def alert_of(
    item: StockItem,
    forecast: StockForecast | None,
    terms: Terms,
    policy: RestockPolicy,
    at: datetime,
) -> RestockAlert:
    """What a row that ran low says: how little is free, what to order, when it would come.

    Nothing is to be ordered while what is on its way already fills the cover.
    """
    forecast = forecast or StockForecast(item=item)
    urgent = forecast.is_hit or forecast.is_rising
    pace = forecast.yesterday * 100 if urgent else 0
    needed = pieces_needed(
        available=item.available + item.in_transit,
        threshold=item.threshold,
        mean_hundredths=max(forecast.mean_hundredths, pace),
        lead_days=terms.lead_days,
        cover_days=policy.cover_days,
    )
    plan = plan_order(needed, terms, clock.day_of(at))
    is_coming = needed <= 0
    return RestockAlert(
        item=item,
        crossing=item.crossings,
        available=item.available,
        threshold=item.threshold,
        suggested_quantity=0 if is_coming else plan.pieces,
        arrives_on=None if is_coming else plan.arrives_on,
        is_urgent=urgent,
        raised_at=at,
    )


def _suggest(alerts: Sequence[RestockAlert], at: datetime) -> None:
    """The buyers' one list has them too; a receipt settles both. Queries: 1."""
    PurchaseSuggestion.objects.bulk_create(
        [
            PurchaseSuggestion(
                sku_id=alert.item.sku_id,
                source_type=RESTOCK,
                source_id=str(alert.pk),
                alert=alert,
                pieces=alert.suggested_quantity,
                due_on=alert.arrives_on,
                is_urgent=alert.is_urgent,
                suggested_at=at,
            )
            for alert in alerts
            if alert.suggested_quantity
        ]
    )


def _tell_buyers(alerts: Sequence[RestockAlert], at: datetime) -> None:
    """One message a batch: each alert is named in exactly one, however often the task runs."""
    first = sorted(alerts, key=lambda alert: not alert.is_urgent)
    named = [_named(alert) for alert in first[:NAMED]]
    notify(
        buyer_ids(),
        "inventory.restock",
        {"count": len(alerts), "skus": ", ".join(named)},
        route=("admin:inventory_restockalert_changelist", ()),
        source=f"restock:{alerts[0].pk}",
        at=at,
    )


def _named(alert: RestockAlert) -> str:
    code = alert.item.sku.code
    return f"{code} ×{alert.suggested_quantity}" if alert.suggested_quantity else code
