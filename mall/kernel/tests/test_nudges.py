"""One nudge that waits is enough, and no event waits for another one: what the relay does not see
nudges anew (F-03)."""

import dataclasses
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from django.core.cache import cache
from django.db import transaction

from mall.kernel import outbox, tasks
from mall.kernel.outbox import events, publishing, relaying
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.outbox.publishing import NUDGE_KEY

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BellRang(outbox.Event):
    name: ClassVar[str] = "kernel.bell_rang"
    times: int


class Worker:
    """Takes the nudges that wait, one after the other, as a task process does."""

    def __init__(self):
        self.waiting = 0
        self.heard = []

    def __call__(self, **_options):
        self.waiting += 1

    def work(self):
        while self.waiting:
            self.waiting -= 1
            tasks.relay_outbox()


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setattr(events, "_classes", {})
    monkeypatch.setattr(events, "_handlers", {})
    worker = Worker()
    outbox.subscribe(BellRang, lambda event: worker.heard.append(event.times))
    monkeypatch.setattr(tasks.relay_outbox, "apply_async", worker)
    monkeypatch.setattr(publishing, "NUDGE_SECONDS", 60)  # none ends during a slow test
    return worker


@transaction.atomic
def ring(times):
    outbox.publish(BellRang(at=AT, times=times))


def seconds_left(key):
    """-1 of a key that would stay for good."""
    return cache._cache.get_client().ttl(cache.make_key(key))


def just_after_the_first_look(monkeypatch, deed):
    """Run ``deed`` when the relay has looked for an event for the first time, and found none."""
    look, done = relaying.relay_one, []

    def looked(at):
        found = look(at)
        if not done:
            done.append(deed())
        return found

    monkeypatch.setattr(relaying, "relay_one", looked)


def test_a_nudge_that_waits_speaks_for_every_event_after_it(worker):
    for times in range(5):
        ring(times)
    assert worker.waiting == 1

    worker.work()

    assert sorted(worker.heard) == [0, 1, 2, 3, 4]


def test_an_event_between_the_relays_last_look_and_its_end_is_relayed_without_beat(
    worker, monkeypatch
):
    just_after_the_first_look(monkeypatch, lambda: ring(2))
    worker.waiting = 1

    worker.work()

    assert worker.heard == [2], "nothing was due at the look that was the last"
    assert (worker.waiting, cache.get(NUDGE_KEY)) == (0, None)


def test_control_a_relay_that_takes_the_nudge_at_its_end_loses_that_event(worker, monkeypatch):
    cache.add(NUDGE_KEY, 1, 60)
    just_after_the_first_look(monkeypatch, lambda: ring(2))
    monkeypatch.setattr(relaying, "take_nudge", lambda: None)
    worker.waiting = 1

    worker.work()
    publishing.take_nudge()

    assert (worker.heard, worker.waiting) == ([], 0)
    assert OutboxEvent.objects.filter(done_at=None).exists()


def test_a_nudge_that_was_lost_keeps_no_other_from_coming_for_long(worker):
    ring(1)
    worker.waiting = 0  # its worker was killed, its broker emptied
    ring(2)
    assert worker.waiting == 0, "the lost one's key speaks for it yet"

    assert 0 < seconds_left(NUDGE_KEY) <= 60
    cache.delete(NUDGE_KEY)  # as Redis does then
    ring(3)
    worker.work()

    assert sorted(worker.heard) == [1, 2, 3]


def test_beat_delivers_what_no_nudge_came_for(worker):
    ring(1)
    worker.waiting = 0

    tasks.relay_outbox()

    assert worker.heard == [1]
    ring(2)
    assert worker.waiting == 1, "it took the lost nudge's key along"


def test_after_a_whole_batch_the_relay_nudges_itself(worker, monkeypatch):
    monkeypatch.setattr(relaying, "BATCH", 2)
    for times in range(5):
        ring(times)

    worker.work()

    assert sorted(worker.heard) == [0, 1, 2, 3, 4]


def test_without_a_cache_every_event_nudges(worker, no_cache):
    ring(1)
    ring(2)

    assert worker.waiting == 2
