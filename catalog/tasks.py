"""Timers of catalog."""

from celery import shared_task

from catalog.services import apply_due_prices as apply_prices
from catalog.services import warn_of_qualifications as warn
from mall.kernel import clock


@shared_task(name="catalog.apply_due_prices", time_limit=240)
def apply_due_prices() -> int:
    """Write prices whose time has come into SKUs and history; shoppers see them without it."""
    return apply_prices(clock.now())


@shared_task(name="catalog.warn_of_qualifications", time_limit=240)
def warn_of_qualifications() -> int:
    """Tell operators of qualification documents that run out soon, or have."""
    return warn(clock.now())
