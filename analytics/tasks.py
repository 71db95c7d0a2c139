"""Timers of analytics."""

from celery import shared_task

from analytics.services import aggregate_recent
from analytics.services import run_rehearsals as run
from mall.kernel import clock


@shared_task(name="analytics.aggregate_days", time_limit=280)
def aggregate_days() -> int:
    """Build the last three business days again; beat runs it every quarter of an hour."""
    return aggregate_recent(clock.now())


@shared_task(name="analytics.run_rehearsals", time_limit=600)
def run_rehearsals() -> int:
    """Hold the rehearsals that operators asked for; beat looks for those a dead worker left."""
    return run(clock.now)
