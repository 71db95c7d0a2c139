"""Timers of inventory."""

from celery import shared_task

from inventory.services import raise_alerts
from mall.kernel import clock


@shared_task(name="inventory.send_restock_alerts", time_limit=240)
def send_restock_alerts() -> int:
    """Raise alerts for stock that ran low and close those of stock that recovered."""
    return raise_alerts(clock.now())
