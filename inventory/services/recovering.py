"""Closing the alerts of stock that is no longer short, and what was suggested because of them.

Source: requirement I-05.
"""

from collections.abc import Iterable
from datetime import datetime

from inventory.models import PurchaseSuggestion, RestockAlert, StockItem


def close_recovered(at: datetime, items: Iterable[StockItem | int] | None = None) -> int:
    """Close recovered alerts, of ``items`` or of all; returns how many.

    Queries: 1, and 1 more when an alert closed. Call it after the stock was booked.
    """
    alerts = RestockAlert.objects.recovered()
    if items is not None:
        alerts = alerts.filter(item__in=list(items))
    closed = alerts.update(resolved_at=at)
    if closed:
        PurchaseSuggestion.objects.open().filter(alert__resolved_at=at).update(settled_at=at)
    return closed
