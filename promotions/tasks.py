"""Timers of promotions."""

from celery import shared_task

from mall.kernel import clock
from promotions.services import run_dispatches as run


@shared_task(name="promotions.run_dispatches", time_limit=240)
def run_dispatches() -> int:
    """Go on with the coupon dispatches whose time has come."""
    return run(clock.now())
