"""Draining the outbox: claim, apply, remember, all in one transaction an event."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from mall.kernel import clock
from mall.kernel.failpoints import failpoint
from mall.kernel.outbox.events import Handler, class_of, handlers_of, heard_names
from mall.kernel.outbox.models import OutboxEvent, ProcessedEvent
from mall.kernel.outbox.publishing import nudge_relay, take_nudge

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
BACKOFF = timedelta(seconds=20)
BATCH = 200


def relay() -> int:
    """Answer the nudge: apply what is due now; returns how many events were taken.

    After a whole batch more may be due, for which no nudge waits: that is for another task, so that
    timers have their turn between.
    """
    take_nudge()
    taken = relay_batch(clock.now(), BATCH)
    if taken >= BATCH:
        nudge_relay()
    return taken


def relay_batch(at: datetime, limit: int = BATCH) -> int:
    """Apply up to ``limit`` due events, oldest first; returns how many were taken.

    Those that nobody listens to any more are done in one statement. Locks: one outbox row at a
    time, skipping rows that another relay holds.
    """
    taken = _pass_unheard(at, limit)
    while taken < limit and relay_one(at):
        taken += 1
    return taken


@transaction.atomic
def _pass_unheard(at: datetime, limit: int) -> int:
    """Locks: the rows, pk order, skipping held ones."""
    unheard = OutboxEvent.objects.due(at).exclude(name__in=heard_names()).order_by("pk")
    rows = unheard.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit]
    return OutboxEvent.objects.filter(pk__in=list(rows)).update(
        attempts=F("attempts") + 1, done_at=at
    )


def relay_one(at: datetime) -> bool:
    """Apply the next due event to every handler that has not applied it yet; False when none is
    due."""
    with transaction.atomic():
        event = (
            OutboxEvent.objects.due(at)
            .order_by("next_at", "pk")
            .select_for_update(skip_locked=True)
            .first()
        )
        if event is None:
            return False
        failures = _apply(event)
        _settle(event, at, failures)
        failpoint("outbox.before_commit")
    return True


def _apply(event: OutboxEvent) -> list[str]:
    """Give it to its handlers that have not applied it yet: all in one savepoint, and where one
    fails each in its own, so that the others' work stays. What went wrong, by handler."""
    left = _left(event)
    if not left or _failure(event, left) is None:
        return []
    each = [(name, _failure(event, [(name, handler)])) for name, handler in left]
    for name, error in each:
        if error is not None:
            logger.error("outbox handler failed", exc_info=error, extra={"handler": name})
    return [f"{name}: {type(error).__name__}: {error}" for name, error in each if error]


def _left(event: OutboxEvent) -> list[tuple[str, Handler]]:
    """Who has not applied it yet."""
    done = set(ProcessedEvent.objects.filter(event_id=event.pk).values_list("handler", flat=True))
    return [(name, handler) for name, handler in handlers_of(event.name) if name not in done]


def _failure(event: OutboxEvent, left: Sequence[tuple[str, Handler]]) -> Exception | None:
    """Apply it to these handlers, to all or to none; why to none."""
    try:
        with transaction.atomic():
            ProcessedEvent.objects.bulk_create(
                ProcessedEvent(event_id=event.pk, handler=name) for name, _handler in left
            )
            told = class_of(event.name).from_payload(event.payload)  # type: ignore[union-attr]
            for _name, handler in left:
                handler(told)
    except Exception as error:  # noqa: BLE001 - a poisoned event must not stop the queue (F-47)
        return error
    return None


def _settle(event: OutboxEvent, at: datetime, failures: list[str]) -> None:
    event.attempts += 1
    event.last_error = "\n".join(failures)[:4000]
    if not failures:
        event.done_at = at
    elif event.attempts >= MAX_ATTEMPTS:
        event.dead_at = at
    else:
        event.next_at = at + BACKOFF * 2**event.attempts
    event.save(update_fields=["attempts", "last_error", "done_at", "dead_at", "next_at"])
