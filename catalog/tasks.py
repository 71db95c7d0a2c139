"""Timers of catalog."""

from celery import shared_task

from catalog.services import apply_due_prices as apply_prices
from mall.kernel import clock


@shared_task(name="catalog.apply_due_prices", time_limit=240)
def apply_due_prices() -> int:
    """Write prices whose time has come into SKUs and history; shoppers see them without it."""
    return apply_prices(clock.now())
