"""Writing an event beside the change that caused it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError

from mall.kernel.db import append
from mall.kernel.failpoints import failpoint
from mall.kernel.outbox.events import Event, handlers_of
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.resting import Rest

logger = logging.getLogger(__name__)

BROKER_REST = Rest(seconds=10.0)
AFTER_TIMERS = 9
"""Of nudges, as Redis counts priorities: 0, what beat sends, is taken first. A thousand nudges must
not make a timer wait until it expires: silent payments are asked about also when the relay is
behind."""

NUDGE_KEY = "outbox.nudge"
NUDGE_SECONDS = 2
"""So long a nudge that waits speaks for all events that come after it; so long a lost one does."""

_is_paused: ContextVar[bool] = ContextVar("relay_is_paused", default=False)


def publish(event: Event) -> None:
    """Insert ``event`` into the outbox and nudge the relay after commit.

    One event per verb, not per line. What nobody listens to is only kept: it is done as it is
    written, and wakes nobody. Refuses to run outside a transaction: an event of something that may
    still be undone is a lie. Queries: 1, none inside `appended_together`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"publish({event.name}) outside a transaction")
    is_heard = bool(handlers_of(event.name))
    append(
        [
            OutboxEvent(
                name=event.name,
                payload=event.to_payload(),
                at=event.at,
                next_at=event.at,
                done_at=None if is_heard else event.at,
            )
        ]
    )
    if is_heard:
        _nudge_after_commit()


def _nudge_after_commit() -> None:
    """One nudge a transaction, however many events: each is a message to the broker and a task.

    A nudge that an outer savepoint may still take back does not count.
    """
    connection = transaction.get_connection()
    held = set(connection.savepoint_ids)
    for savepoints, deed, *_robust in connection.run_on_commit:
        if deed is nudge_relay and savepoints <= held:
            return
    transaction.on_commit(nudge_relay, robust=True)


def nudge_relay() -> None:
    """Ask the worker to relay now, unless a nudge waits that it has not taken yet: one is enough.

    Losing the nudge costs a minute, never the event. A broker that is away is left alone for a
    while: no buyer waits for it but the first (F-14).
    """
    from mall.kernel.tasks import relay_outbox

    failpoint("outbox.before_nudge")
    if _is_paused.get() or BROKER_REST.is_on or not cache.add(NUDGE_KEY, 1, NUDGE_SECONDS):
        return
    try:
        relay_outbox.apply_async(ignore_result=True, retry=False, expires=60, priority=AFTER_TIMERS)
    except (OperationalError, OSError) as error:
        BROKER_REST.begin()
        logger.warning("the broker is away, beat will sweep: %s", error)


def take_nudge() -> None:
    """The relay has begun: whatever is committed from now on nudges anew.

    To be called before the outbox is read. Who found the nudge still waiting had committed before
    this, so the read sees their event.
    """
    cache.delete(NUDGE_KEY)


@contextmanager
def relay_paused() -> Iterator[None]:
    """Nudge nobody while much is written (seeds, imports); call `relay_batch` afterwards."""
    token = _is_paused.set(True)
    try:
        yield
    finally:
        _is_paused.reset(token)
