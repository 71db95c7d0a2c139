"""Timers of analytics."""

from celery import shared_task

from analytics.services import PROMPT_CARE, SLOW_CARE, aggregate_recent, run_care
from analytics.services import run_rehearsals as run
from analytics.services import stage_all_products as stage_all
from mall.kernel import clock


@shared_task(name="analytics.aggregate_days", time_limit=280)
def aggregate_days() -> int:
    """Build the last three business days again; beat runs it every quarter of an hour."""
    return aggregate_recent(clock.now())


@shared_task(name="analytics.run_rehearsals", time_limit=600)
def run_rehearsals() -> int:
    """Hold the rehearsals that operators asked for; beat looks for those a dead worker left."""
    return run(clock.now)


@shared_task(name="analytics.run_prompt_care", time_limit=240)
def run_prompt_care() -> int:
    """Care that cannot wait: orders not paid, carts left alone; beat looks every minute."""
    return run_care(clock.now(), PROMPT_CARE)


@shared_task(name="analytics.run_slow_care", time_limit=3000)
def run_slow_care() -> int:
    """Care by the day: birthdays, completed orders, long silence; beat looks every hour."""
    return run_care(clock.now(), SLOW_CARE)


@shared_task(name="analytics.stage_products", time_limit=600)
def stage_products() -> int:
    """Tell how old each product has grown by its sales of eight weeks."""
    return stage_all(clock.now())
