"""A dead event gets another chance, with a trail; what lives is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from mall.kernel import outbox
from mall.kernel.audit.models import AuditEntry
from mall.kernel.outbox.models import OutboxEvent

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def make_event(**values: object) -> OutboxEvent:
    return OutboxEvent.objects.create(
        **{"name": "kernel.kettle_boiled", "payload": {}, "at": AT, "next_at": AT, **values}
    )


@pytest.mark.django_db
def test_a_dead_event_becomes_due_again_and_the_trail_says_so():
    dead = make_event(dead_at=AT, attempts=5, last_error="no water")
    later = AT + timedelta(hours=1)

    assert outbox.retry_dead(event_ids=[dead.pk], actor=None, at=later) == 1

    dead.refresh_from_db()
    assert (dead.dead_at, dead.attempts, dead.next_at) == (None, 0, later)
    assert dead.last_error == "no water"
    entry = AuditEntry.objects.get(verb="kernel.retry_event")
    assert (entry.target_id, entry.before["attempts"]) == (str(dead.pk), 5)


@pytest.mark.django_db
def test_what_waits_or_is_done_is_left_alone():
    waiting, done = make_event(attempts=2), make_event(done_at=AT, attempts=1)

    assert outbox.retry_dead(event_ids=[waiting.pk, done.pk], actor=None, at=AT) == 0

    waiting.refresh_from_db()
    assert waiting.attempts == 2
    assert not AuditEntry.objects.exists()
