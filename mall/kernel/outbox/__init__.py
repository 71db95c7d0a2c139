"""Domain events: written in the verb's own transaction, delivered at least once, applied exactly
once.

``publish(event)`` in a verb; ``subscribe(EventClass, handler)`` in ``<app>/subscribers.py``. The
relay
runs a handler, its effects and its ProcessedEvent row in one transaction, so a kill -9 anywhere
leaves either all of it or none. Handlers touch the database only: what must leave the house becomes
a ``notify`` message. Model: healthchecks' sendalerts.
"""

from mall.kernel.outbox.events import Event, handlers_of, subscribe
from mall.kernel.outbox.publishing import publish, relay_paused
from mall.kernel.outbox.relaying import relay, relay_batch
from mall.kernel.outbox.retrying import retry_dead

__all__ = [
    "Event",
    "handlers_of",
    "publish",
    "relay",
    "relay_batch",
    "relay_paused",
    "retry_dead",
    "subscribe",
]
