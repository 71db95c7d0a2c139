"""Restock alerts: one per crossing of the threshold, told once, with what to order.

Source: requirements I-05, I-37, I-49, INV-43.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from inventory.events import StockRanLow
from inventory.forecast import Terms, pieces_needed, plan_order
from inventory.models import (
    PurchaseOrder,
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
FOLLOWING = (
    "pieces",
    "is_urgent",
    "due_on",
    "suggested_at",
    "settled_at",
    "settled_by",
    "note",
)
"""What of a suggestion goes by the facts of now."""


def raise_alerts(at: datetime) -> int:
    """Close the alerts of stock that recovered, raise one for each row of ours that ran low since,
    and let what the open ones suggest follow the facts.

    Works in batches of 200 rows, each its own transaction; running it twice raises none twice.
    Returns the number raised.
    """
    close_recovered(at)
    policy = RestockPolicy.objects.get(pk=1)
    raised, is_more = 0, True
    while is_more:
        low = _low_and_silent()
        raised += len(_raise(low, policy, at)) if low else 0
        is_more = len(low) == BATCH
    _ask_again(policy, at)
    return raised


def _low() -> QuerySet[StockItem]:
    """Ours alone: what a supplier keeps is its own to restock."""
    ours = StockItem.objects.in_use().exclude(warehouse__kind=Warehouse.Kind.SUPPLIER)
    return ours.below_safety()


def _low_and_silent() -> list[int]:
    alerts = RestockAlert.objects.open().filter(item=OuterRef("pk"))
    low = _low().exclude(Exists(alerts))
    return list(low.order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _raise(item_ids: Sequence[int], policy: RestockPolicy, at: datetime) -> list[RestockAlert]:
    low = _still_silent(item_ids)
    if not low:
        return []
    for item in low:
        item.crossings += 1
    StockItem.objects.bulk_update(low, ["crossings"])
    alerts = RestockAlert.objects.bulk_create(_alerts_of(low, policy, at))
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


def _ask_again(policy: RestockPolicy, at: datetime) -> None:
    """More sells, or less; goods are ordered by hand or called off; a hit is marked.

    Queries: 3 for every 200 alerts, and 8 for those that changed.
    """
    after, is_more = 0, True
    while is_more:
        found = list(_asking(_low()).filter(pk__gt=after).order_by("pk")[:BATCH])
        is_more = len(found) == BATCH
        after = found[-1].pk if found else after
        plans = _alerts_of([alert.item for alert in found], policy, at)
        pairs = zip(found, plans, strict=True)
        if changed := [plan.item_id for alert, plan in pairs if not _says(alert, plan)]:
            _ask_anew(changed, policy, at)


def _asking(items: QuerySet[StockItem] | Collection[int]) -> QuerySet[RestockAlert]:
    """Their open alerts, but for those that an operator has dealt with."""
    ours = Q(suggestion=None) | Q(suggestion__in=_unattended())
    alerts = RestockAlert.objects.open().filter(ours, item__in=items)
    return alerts.select_related("item", "suggestion")


def _unattended() -> QuerySet[PurchaseSuggestion]:
    """Those that nobody has dealt with, or only by an order of which nothing more will come."""
    over = PurchaseOrder.objects.filter(
        suggestions=OuterRef("pk"),
        number=OuterRef("note"),
        status__in=(PurchaseOrder.Status.RECEIVED, PurchaseOrder.Status.CLOSED),
    )
    return PurchaseSuggestion.objects.filter(Q(settled_by=None, note="") | Exists(over))


def _says(alert: RestockAlert, plan: RestockAlert) -> bool:
    row = getattr(alert, "suggestion", None)
    pieces = row.pieces if row is not None and row.settled_at is None else 0
    return (pieces, alert.is_urgent) == (plan.suggested_quantity, plan.is_urgent)


@transaction.atomic
def _ask_anew(item_ids: Sequence[int], policy: RestockPolicy, at: datetime) -> None:
    """Nobody is told a second time: the buyers' list has it."""
    asking = _still_asking(item_ids)
    items = [alert.item for alert, _row in asking]
    plans = {plan.item_id: plan for plan in _alerts_of(items, policy, at)}
    for alert, row in asking:
        plan = plans[alert.item_id]
        alert.suggested_quantity, alert.arrives_on = plan.suggested_quantity, plan.arrives_on
        alert.is_urgent = plan.is_urgent
        if row is not None:
            _follow(row, plan, at)
    alerts = [alert for alert, _row in asking]
    RestockAlert.objects.bulk_update(alerts, ["suggested_quantity", "arrives_on", "is_urgent"])
    PurchaseSuggestion.objects.bulk_update([row for _alert, row in asking if row], FOLLOWING)
    _suggest([alert for alert, row in asking if row is None], at)


def _still_asking(
    item_ids: Sequence[int],
) -> list[tuple[RestockAlert, PurchaseSuggestion | None]]:
    """Locks: the stock rows, pk order: a receipt that waited here finds the suggestion to settle,
    and a rival finds it made. Then the suggestions, but for those that somebody deals with now."""
    low = StockItem.objects.filter(pk__in=item_ids).below_safety().locked()
    items = {item.pk: item for item in low}
    alerts = list(_asking(list(items)))
    rows = _unattended().filter(alert__in=alerts).order_by("pk")
    free = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    held = {row.alert_id: row for row in free}
    for alert in alerts:
        alert.item = items[alert.item_id]
    return [
        (alert, held.get(alert.pk))
        for alert in alerts
        if alert.pk in held or not hasattr(alert, "suggestion")
    ]


def _follow(row: PurchaseSuggestion, plan: RestockAlert, at: datetime) -> None:
    """Dealt with while what is on its way fills the cover; open again once it no longer does."""
    row.is_urgent = plan.is_urgent
    if not plan.suggested_quantity:
        row.settled_at = row.settled_at or at
        return
    row.pieces = plan.suggested_quantity
    if row.settled_at is not None:
        row.settled_at, row.settled_by, row.note = None, None, ""
        row.suggested_at, row.due_on = at, plan.arrives_on


def _alerts_of(
    items: Sequence[StockItem], policy: RestockPolicy, at: datetime
) -> list[RestockAlert]:
    """Queries: 2."""
    terms = supply_terms({item.sku_id for item in items}, policy)
    forecasts = StockForecast.objects.in_bulk([item.pk for item in items])
    return [
        alert_of(item, forecasts.get(item.pk), terms[item.sku_id], policy, at) for item in items
    ]


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
