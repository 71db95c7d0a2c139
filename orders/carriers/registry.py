"""Which ways of following parcels there are; one that is not configured whole is not there."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings

from orders.carriers.base import Tracker
from orders.carriers.express.tracker import ExpressTracker
from orders.carriers.manual import ManualTracker

MANUAL, EXPRESS = "manual", "express"
CALLBACK_PATH = "/api/v1/carriers/express/push/"
"""Where the aggregator calls; a test holds it against the route."""


def tracker_of(adapter: str) -> Tracker | None:
    """The tracker of an adapter's code; None when it is unknown or not configured."""
    if adapter == MANUAL:
        return ManualTracker()
    channel: Mapping[str, str] = settings.CARRIER_CHANNELS.get(adapter, {})
    if adapter != EXPRESS or not channel or not all(channel.values()):
        return None
    return _express(tuple(sorted(channel.items())), settings.SITE_URL)


@cache
def _express(channel: tuple[tuple[str, str], ...], site_url: str) -> ExpressTracker:
    return ExpressTracker(dict(channel), f"{site_url.rstrip('/')}{CALLBACK_PATH}")
