"""Timers of inventory."""

from celery import shared_task

from inventory.services import (
    draw_statements,
    forecast_demand,
    grade_suppliers,
    raise_alerts,
    suggest_transfers,
    tell_watchers,
    warn_of_supplier_documents,
    watch_supplier_stock,
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


@shared_task(name="inventory.watch_suppliers", time_limit=55)
def watch_suppliers() -> int:
    """Alarm when a supplier's figures are late, and sell no more of them than the buffer."""
    return watch_supplier_stock(clock.now())


@shared_task(name="inventory.score_suppliers", time_limit=300)
def score_suppliers() -> int:
    """Write the cards of the last month and of the running one."""
    return grade_suppliers(clock.now())


@shared_task(name="inventory.draw_supplier_statements", time_limit=600)
def draw_supplier_statements() -> int:
    """Draw last month's statements of suppliers."""
    return draw_statements(clock.now())


@shared_task(name="inventory.warn_of_supplier_documents", time_limit=120)
def warn_of_documents() -> int:
    """Warn of documents of suppliers that run out."""
    return warn_of_supplier_documents(clock.now())
