"""Timers of inventory."""

from celery import shared_task

from inventory.services import (
    forecast_demand,
    raise_alerts,
    suggest_transfers,
    tell_watchers,
)
from mall.kernel import clock


@shared_task(name="inventory.send_restock_alerts", time_limit=240)
def send_restock_alerts() -> int:
    """Raise alerts for stock that ran low and close those of stock that recovered."""
    return raise_alerts(clock.now())


@shared_task(name="inventory.forecast_demand", time_limit=1_800)
def compute_forecasts() -> int:
    """Compute what sells, the safety stocks, what rises and what lies for too long."""
    return forecast_demand(clock.now())


@shared_task(name="inventory.suggest_transfers", time_limit=240)
def draft_suggested_transfers() -> int:
    """Draft transfers for warehouses that are short while another has more than it needs."""
    return suggest_transfers(clock.now())


@shared_task(name="inventory.tell_watchers", time_limit=55)
def tell_those_who_wait() -> int:
    """Tell shoppers that what they wait for is back in stock."""
    return tell_watchers(clock.now())
