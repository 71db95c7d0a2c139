"""Giving a dead event another chance, once its cause is mended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from mall.kernel import audit
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.outbox.publishing import nudge_relay


@transaction.atomic
def retry_dead(*, event_ids: Iterable[UUID], actor: Any, at: datetime) -> int:
    """Make given-up events due again, with all their tries; returns how many there were.

    What a handler has applied stays applied. One audit row an event. Locks: the events, pk order.
    """
    dead = list(OutboxEvent.objects.filter(pk__in=list(event_ids), dead_at__isnull=False).locked())
    OutboxEvent.objects.filter(pk__in=[event.pk for event in dead]).update(
        dead_at=None, next_at=at, attempts=0
    )
    for event in dead:
        audit.record(
            actor=actor,
            verb="kernel.retry_event",
            target=event,
            at=at,
            before={"attempts": event.attempts, "dead_at": event.dead_at},
            after={"attempts": 0, "dead_at": None},
        )
    if dead:
        transaction.on_commit(nudge_relay, robust=True)
    return len(dead)
