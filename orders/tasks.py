"""Timers of orders: each calls one verb and is safe to run twice or twice at once."""

import logging
from collections.abc import Sequence

from celery import shared_task
from django.db import DatabaseError

from mall.kernel import clock
from mall.kernel.errors import ShopError
from orders import services
from orders.services.nudging import nudge

logger = logging.getLogger(__name__)
REFRESHED_HERE = 50


@shared_task(name="orders.close_unpaid", time_limit=240)
def close_unpaid() -> int:
    """Close orders whose time to pay is over; the provider is asked first."""
    return services.close_unpaid(clock.now())


@shared_task(name="orders.query_silent_payments", time_limit=240)
def query_silent_payments() -> int:
    """Ask about payments whose notice never came; in the demo the sandbox's late notices come
    first."""
    at = clock.now()
    services.deliver_late_notices(at)
    return services.query_silent_payments(at)


@shared_task(name="orders.remind_pickups", time_limit=240)
def remind_pickups() -> int:
    """Remind of goods that wait in stores; what nobody fetched becomes a task."""
    return services.remind_pickups(clock.now())


@shared_task(name="orders.receive_due", time_limit=240)
def receive_due() -> int:
    """Receive shipped orders whose buyers said nothing in time."""
    return services.receive_due(clock.now())


@shared_task(name="orders.complete_due", time_limit=240)
def complete_due() -> int:
    """Complete received orders whose after-sales window is over."""
    return services.complete_due(clock.now())


@shared_task(name="orders.raise_payment_alarms", time_limit=60)
def raise_payment_alarms() -> int:
    """Tell finance when few payments succeed."""
    return services.raise_payment_alarms(clock.now())


@shared_task(name="orders.settle_closed", time_limit=240)
def settle_closed() -> int:
    """Settle what is left of closed orders."""
    return services.settle_closed(clock.now())


@shared_task(name="orders.retry_refunds", time_limit=240)
def retry_refunds() -> int:
    """Send the refunds that are due."""
    return services.retry_refunds(clock.now())


@shared_task(name="orders.expire_after_sales", time_limit=240)
def expire_after_sales() -> int:
    """Close cases whose goods were not sent back in time."""
    return services.expire_after_sales(clock.now())


@shared_task(name="orders.reconcile_bills", time_limit=240)
def reconcile_bills() -> int:
    """Compare the providers' daily bills that are there now with our own book."""
    return services.reconcile_bills(clock.now())


@shared_task(name="orders.remind_balances", time_limit=240)
def remind_balances() -> int:
    """Remind buyers of presales of their balance."""
    return services.remind_balances(clock.now())


@shared_task(name="orders.plan_presales", time_limit=240)
def plan_presales() -> int:
    """Hand what presales sold on to be bought or made."""
    return services.plan_presales(clock.now())


@shared_task(name="orders.hold_awaited", time_limit=240)
def hold_awaited() -> int:
    """Hold what has come in for the presale orders that wait for it."""
    return services.hold_awaited(clock.now())


@shared_task(name="orders.free_flash_stock", time_limit=240)
def free_flash_stock() -> int:
    """Make free what flash sales hold that are over."""
    return services.free_flash_stock(clock.now())


@shared_task(name="orders.watch_orders", time_limit=240)
def watch_orders() -> int:
    """Make tasks of what is late, stalled or different; tell supervisors of overdue ones."""
    return services.watch_orders(clock.now())


@shared_task(name="orders.forward_sub_orders", time_limit=240)
def forward_sub_orders() -> int:
    """Split orders over their shipping partners, tell those, and look who is silent."""
    at = clock.now()
    services.write_missing(at)
    told = services.forward_due(at)
    services.watch_sub_orders(at)
    return told


@shared_task(name="orders.subscribe_parcels", time_limit=240)
def subscribe_parcels() -> int:
    """Ask the carriers' systems to tell us about parcels that have left."""
    return services.subscribe_parcels(clock.now())


@shared_task(name="orders.book_pickups", time_limit=240)
def book_pickups() -> int:
    """Order couriers for goods that come back, call off those that need not come."""
    return services.book_pickups(clock.now())


@shared_task(name="orders.ask_about_parcels", time_limit=240)
def ask_about_parcels() -> int:
    """Ask about parcels that have been silent."""
    return services.ask_about_parcels(clock.now())


@shared_task(name="orders.refresh_shelf", time_limit=240)
def refresh_shelf() -> int:
    """Compute the cards that marks call stale."""
    return services.refresh_shelf(clock.now())


@shared_task(name="orders.rank_hot_goods", time_limit=240)
def rank_hot_goods() -> int:
    """Count what sold in the last days for the hot zone."""
    return services.rank_hot_goods(clock.now())


@shared_task(name="orders.pair_goods", time_limit=1800)
def pair_goods() -> int:
    """Count which goods are bought together."""
    return services.pair_goods(clock.now())


@shared_task(name="orders.tell_of_wishes", time_limit=240)
def tell_of_wishes() -> int:
    """Tell who keeps goods in mind that few are left, or that an offer has begun."""
    at = clock.now()
    return services.tell_of_offers(at=at) + services.tell_of_few_left(at=at)


@shared_task(name="orders.forget_guest_carts", time_limit=240)
def forget_guest_carts() -> int:
    """Forget carts of guests who did not come back."""
    return services.forget_guest_carts(clock.now())


def refresh_marked(product_ids: Sequence[int]) -> Sequence[int]:
    """What runs in the same process after a commit that left marks on the shelf; returns what it
    did.

    Up to 50 products are refreshed here; the worker is woken for more, so that nobody waits for a
    campaign over the whole shop. What the shop or the database refuses is left to the next sweep.
    """
    if services.shelf_is_paused():
        return []
    done = product_ids[:REFRESHED_HERE]
    try:
        services.refresh_shelf(clock.now(), done)
    except (ShopError, DatabaseError):
        logger.exception("the shelf was not refreshed; the sweep will do it")
        done = []
    if len(product_ids) > REFRESHED_HERE:
        nudge(refresh_shelf.name)
    return done
