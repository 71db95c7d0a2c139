"""Timers of analytics."""

from celery import shared_task

from analytics.services import aggregate_recent
from mall.kernel import clock


@shared_task(name="analytics.aggregate_days", time_limit=280)
def aggregate_days() -> int:
    """Build the last three business days again; beat runs it every quarter of an hour."""
    return aggregate_recent(clock.now())
