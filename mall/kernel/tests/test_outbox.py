"""Events are written with their cause, delivered at least once, applied exactly once (INV-31)."""

import contextlib
import dataclasses
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import transaction

from mall.kernel import outbox, tasks
from mall.kernel.db import appended_together
from mall.kernel.outbox import events
from mall.kernel.outbox.events import handlers_of
from mall.kernel.outbox.models import OutboxEvent, ProcessedEvent
from mall.kernel.outbox.relaying import MAX_ATTEMPTS
from mall.kernel.testing.queries import count_queries

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class KettleBoiled(outbox.Event):
    name: ClassVar[str] = "kernel.kettle_boiled"
    cups: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TreeFell(outbox.Event):
    name: ClassVar[str] = "kernel.tree_fell"


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(events, "_classes", {})
    monkeypatch.setattr(events, "_handlers", {})
    calls = []

    def hear(event):
        calls.append(event)

    outbox.subscribe(KettleBoiled, hear)
    return calls


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused(heard):
    with pytest.raises(RuntimeError, match="outside a transaction"):
        outbox.publish(KettleBoiled(at=AT, cups=(1,)))

    assert not OutboxEvent.objects.exists()


@transaction.atomic
def publish_and_stumble():
    outbox.publish(KettleBoiled(at=AT, cups=(1,)))
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_an_event_of_something_undone_is_never_heard(heard):
    with pytest.raises(ZeroDivisionError):
        publish_and_stumble()

    assert outbox.relay_batch(AT) == 0
    assert heard == []


@pytest.mark.django_db
def test_events_of_one_verb_are_written_by_one_statement(heard):
    with count_queries(at_most=1), transaction.atomic(), appended_together():
        outbox.publish(KettleBoiled(at=AT, cups=(1,)))
        with appended_together():
            outbox.publish(KettleBoiled(at=AT, cups=(2,)))

    assert outbox.relay_batch(AT) == 2
    assert sorted(event.cups for event in heard) == [(1,), (2,)]


@pytest.mark.django_db
def test_events_of_a_verb_that_fails_are_not_written_with_the_next_ones(heard):
    with pytest.raises(ZeroDivisionError):
        appended_together()(publish_and_stumble)()
    outbox.publish(KettleBoiled(at=AT, cups=(2,)))

    assert list(OutboxEvent.objects.values_list("payload__cups", flat=True)) == [[2]]


@pytest.mark.django_db
def test_F_06_a_handler_gets_the_same_event_once(heard):
    event = KettleBoiled(at=AT, cups=(1, 2))
    outbox.publish(event)

    assert outbox.relay_batch(AT) == 1
    OutboxEvent.objects.update(done_at=None)
    assert outbox.relay_batch(AT) == 1

    assert heard == [event]
    assert ProcessedEvent.objects.count() == 1


@pytest.mark.django_db
def test_F_47_a_failing_handler_is_retried_and_its_neighbour_is_not_repeated(heard):
    def stumble(_event):
        raise ValueError("no water")

    outbox.subscribe(KettleBoiled, stumble)
    outbox.publish(KettleBoiled(at=AT, cups=(3,)))

    outbox.relay_batch(AT)
    event = OutboxEvent.objects.get()
    assert (event.attempts, event.done_at) == (1, None)
    assert len(heard) == 2, (
        "what it did beside the other was undone with that, then it did it alone"
    )
    assert [one.handler for one in ProcessedEvent.objects.all()] == [handlers_of(event.name)[0][0]]
    assert "no water" in event.last_error
    assert outbox.relay_batch(AT) == 0

    for days in range(1, MAX_ATTEMPTS):
        outbox.relay_batch(AT + timedelta(days=days))
    event.refresh_from_db()
    assert event.attempts == MAX_ATTEMPTS
    assert event.dead_at is not None
    assert len(heard) == 2


@pytest.mark.django_db
def test_F_47_a_poisoned_event_does_not_stop_the_queue(heard):
    def stumble(event):
        if event.cups == (0,):
            raise ValueError

    outbox.subscribe(KettleBoiled, stumble)
    outbox.publish(KettleBoiled(at=AT, cups=(0,)))
    outbox.publish(KettleBoiled(at=AT, cups=(9,)))

    assert outbox.relay_batch(AT) == 2
    assert OutboxEvent.objects.filter(done_at__isnull=False).count() == 1


@pytest.mark.django_db
def test_an_event_that_nobody_hears_is_kept_and_wakes_nobody(
    heard, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(tasks.relay_outbox, "apply_async", lambda **_options: pytest.fail("woken"))

    with django_capture_on_commit_callbacks(execute=True):
        outbox.publish(TreeFell(at=AT))

    event = OutboxEvent.objects.get()
    assert (event.name, event.done_at, outbox.relay_batch(AT)) == ("kernel.tree_fell", AT, 0)


@pytest.mark.django_db
def test_events_that_nobody_hears_any_more_are_done_at_once(heard, django_assert_num_queries):
    OutboxEvent.objects.bulk_create(
        [OutboxEvent(name="kernel.tree_fell", payload={}, at=AT, next_at=AT) for _n in range(20)]
    )

    with django_assert_num_queries(4):  # two statements in a savepoint
        assert outbox.relay_batch(AT, limit=20) == 20

    assert OutboxEvent.objects.filter(done_at=AT, attempts=1).count() == 20


@pytest.mark.django_db(transaction=True)
def test_while_the_relay_is_paused_nobody_is_nudged(heard, monkeypatch):
    nudges = []
    monkeypatch.setattr(tasks.relay_outbox, "apply_async", lambda **options: nudges.append(1))

    with outbox.relay_paused(), transaction.atomic():
        outbox.publish(KettleBoiled(at=AT, cups=(1,)))
    assert nudges == []
    with transaction.atomic():
        outbox.publish(KettleBoiled(at=AT, cups=(2,)))

    assert nudges == [1]
    assert outbox.relay_batch(AT) == 2


@pytest.mark.django_db(transaction=True)
def test_many_events_of_one_transaction_wake_the_relay_once(heard, monkeypatch):
    woken = []
    monkeypatch.setattr("mall.kernel.tasks.relay_outbox.apply_async", lambda **kw: woken.append(1))

    with transaction.atomic():
        for number in range(3):
            outbox.publish(KettleBoiled(at=AT, cups=(number,)))

    assert (OutboxEvent.objects.count(), len(woken)) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_an_event_after_one_that_was_taken_back_wakes_the_relay_all_the_same(heard, monkeypatch):
    woken = []
    monkeypatch.setattr("mall.kernel.tasks.relay_outbox.apply_async", lambda **kw: woken.append(1))

    with transaction.atomic():
        with contextlib.suppress(ZeroDivisionError):
            publish_and_stumble()
        outbox.publish(KettleBoiled(at=AT, cups=(2,)))

    assert (OutboxEvent.objects.count(), len(woken)) == (1, 1)
