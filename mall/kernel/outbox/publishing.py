"""Writing an event beside the change that caused it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from mall.kernel.failpoints import failpoint
from mall.kernel.outbox.events import Event
from mall.kernel.outbox.models import OutboxEvent

_is_paused: ContextVar[bool] = ContextVar("relay_is_paused", default=False)


def publish(event: Event) -> None:
    """Insert ``event`` into the outbox and nudge the relay after commit.

    One event per verb, not per line. Refuses to run outside a transaction: an event of something
    that may still be undone is a lie. Queries: 1.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"publish({event.name}) outside a transaction")
    OutboxEvent.objects.create(
        name=event.name, payload=event.to_payload(), at=event.at, next_at=event.at
    )
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
    """Ask the worker to relay now. Losing the nudge costs a minute, never the event."""
    from mall.kernel.tasks import relay_outbox

    failpoint("outbox.before_nudge")
    if not _is_paused.get():
        relay_outbox.apply_async(ignore_result=True, retry=False, expires=60)


@contextmanager
def relay_paused() -> Iterator[None]:
    """Nudge nobody while much is written (seeds, imports); call `relay_batch` afterwards."""
    token = _is_paused.set(True)
    try:
        yield
    finally:
        _is_paused.reset(token)
