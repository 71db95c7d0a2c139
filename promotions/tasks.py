"""Timers of promotions."""

from celery import shared_task

from mall.kernel import clock
from promotions import services
from promotions.services import run_dispatches as run


@shared_task(name="promotions.run_dispatches", time_limit=240)
def run_dispatches() -> int:
    """Go on with the coupon dispatches whose time has come."""
    return run(clock.now())


@shared_task(name="promotions.return_packets", time_limit=240)
def return_packets() -> int:
    """Return the rest of red packets whose time is up."""
    return services.return_packets(clock.now())
