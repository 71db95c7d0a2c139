"""Task workers that die, at a real broker: a task is done, however often it is delivered.

F-04 to F-07, F-10, F-47, F-48 of reliability.md. The task is the relay of the outbox, its effect
the pieces sold of a product.
"""

import os
import signal
from datetime import timedelta

import psycopg2
import pytest
import redis
from celery import current_app
from celery.beat import ScheduleEntry
from celery.schedules import schedule
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from catalog.models import Product
from mall.kernel import clock
from mall.kernel.outbox import relay_batch
from mall.kernel.outbox.models import OutboxEvent, ProcessedEvent
from mall.kernel.outbox.publishing import NUDGE_KEY, nudge_relay
from mall.kernel.tasks import relay_outbox
from mall.kernel.testing.race import (
    all_read_before_any_writes,
    stampede,
    without_claims,
)
from mall.runner.places import prepare
from mall.runner.servers import Redis
from mall.runner.system import kill_group, wait_until
from mall.runner.tests.processes import data_folder
from mall.schedule import SCHEDULE
from mall.tests.served import PATIENCE, task_worker
from orders.testing import NOON, make_order
from orders.testing import pay as pay_order

pytestmark = [pytest.mark.runner, pytest.mark.django_db(transaction=True)]
RELAY = "kernel.relay_outbox"
PAID = "orders.order_paid"


@pytest.fixture(scope="module")
def broker():
    with data_folder() as var:
        server = Redis(prepare(var), durable=False)
        server.start()
        yield server.url
        server.stop()


@pytest.fixture(scope="module")
def worker(broker, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), task_worker(broker) as process:
        yield process


class Queue:
    """The broker as beat and verbs use it."""

    def __init__(self, url):
        self.url = url
        self.store = redis.Redis.from_url(url)

    def send(self, name=RELAY, **options):
        with current_app.connection_for_write(self.url) as line:
            current_app.send_task(name, connection=line, ignore_result=True, **options)

    @property
    def is_empty(self):
        return not self.store.llen("celery") and not self.store.hlen("unacked")


@pytest.fixture
def queue(broker):
    one = Queue(broker)
    one.store.flushall()
    return one


def pay(quantity=2):
    """A paid order whose event nobody has heard yet; its product."""
    order = make_order(quantity=quantity, at=NOON)
    pay_order(order, at=NOON)
    return order.lines.get().sku.product_id


def sold(product):
    return Product.objects.get(pk=product).sales_count


@pytest.mark.parametrize("point", ["worker.before_task", "worker.after_task"])
def test_F_04_a_task_whose_process_was_killed_is_delivered_again_and_acts_once(
    queue, worker, point
):
    product = pay()
    worker.arm(point)

    queue.send()

    assert wait_until(lambda: worker.was_hit(point), PATIENCE), worker.log
    assert wait_until(lambda: queue.is_empty, PATIENCE), worker.log
    assert sold(product) == 2


def test_F_06_a_relay_killed_before_its_commit_is_delivered_again_and_acts_once(queue, worker):
    product = pay()
    worker.arm("outbox.before_commit")

    queue.send()

    assert wait_until(lambda: worker.was_hit("outbox.before_commit"), PATIENCE), worker.log
    assert wait_until(lambda: queue.is_empty, PATIENCE), worker.log
    assert sold(product) == 2
    assert not OutboxEvent.objects.filter(done_at=None).exists()


def test_F_47_messages_that_nobody_can_read_are_passed_and_the_queue_moves_on(queue, worker):
    product = pay()

    queue.send("orders.of_an_older_release")
    queue.send(args=["one", "too", "many"])
    queue.send()

    assert wait_until(lambda: sold(product) == 2, PATIENCE), worker.log
    assert wait_until(lambda: queue.is_empty, PATIENCE), worker.log


def test_F_05_what_a_killed_worker_held_is_swept_by_beat_without_waiting_for_the_broker(queue):
    product = pay()
    told = connection.get_connection_params()
    rogue = psycopg2.connect(**{**told, "options": ""})
    rogue.cursor().execute("SELECT 1 FROM catalog_product FOR UPDATE")
    with task_worker(queue.url) as first:
        queue.send()
        assert wait_until(lambda: queue.store.hlen("unacked") == 1, PATIENCE), first.log
        kill_group(first.child)
        first.child.wait(PATIENCE)
    rogue.close()
    assert sold(product) == 0

    queue.send()
    with task_worker(queue.url) as second:
        assert wait_until(lambda: sold(product) == 2, PATIENCE), second.log

    limits = {
        settings.CELERY_VISIBILITY_TIMEOUT,
        settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"],
    }
    assert limits == {300}
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_TASK_TIME_LIMIT < 300


def test_F_10_processes_that_are_replaced_after_every_task_lose_none(queue):
    with task_worker(queue.url, "--max-tasks-per-child", "1") as worker:
        first, products = worker.children(), []
        for _n in range(3):
            products.append(pay())
            queue.send()
        assert wait_until(lambda: all(sold(one) == 2 for one in products), PATIENCE), worker.log
        assert wait_until(lambda: queue.is_empty, PATIENCE), worker.log
        assert wait_until(lambda: not first & worker.children(), PATIENCE), "it was replaced"


def test_F_08_a_worker_that_is_asked_to_stop_finishes_its_task(queue):
    product = pay()
    told = connection.get_connection_params()
    rogue = psycopg2.connect(**{**told, "options": ""})
    rogue.cursor().execute("SELECT 1 FROM catalog_product FOR UPDATE")
    with task_worker(queue.url, DB_LOCK_TIMEOUT_MS="60000") as worker:
        queue.send()
        assert wait_until(lambda: queue.store.hlen("unacked") == 1, PATIENCE), worker.log
        os.kill(worker.child.pid, signal.SIGTERM)
        rogue.close()
        assert worker.child.wait(PATIENCE) == 0

    assert (sold(product), queue.is_empty) == (2, True)
    assert settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT == 10


def test_F_07_a_beat_that_was_away_sends_at_once_when_it_is_back():
    now = clock.now()
    every = schedule(timedelta(seconds=30), nowfun=clock.now)
    entry = ScheduleEntry(
        "x", "orders.close_unpaid", now - timedelta(hours=3), 1, every, app=current_app
    )

    assert entry.is_due().is_due
    assert entry.is_due().next == 30


def test_F_48_a_task_delivered_three_times_at_once_and_two_days_late_acts_once():
    product = pay()
    late = NOON + timedelta(days=2)

    outcomes = stampede(3, lambda _n: relay_batch(late))
    again = relay_batch(late + timedelta(days=2))

    assert (outcomes.errors, again, sold(product)) == ([], 0, 2)
    assert all(entry["options"]["expires"] for entry in SCHEDULE.values())


def test_F_48_nudges_that_piled_up_keep_no_timer_waiting(broker, monkeypatch):
    queue = Queue(f"{broker.rpartition('/')[0]}/9")  # where no worker of these tests listens
    monkeypatch.setattr(
        relay_outbox, "apply_async", lambda **options: queue.send(priority=options["priority"])
    )
    for _n in range(3):
        nudge_relay()
        cache.delete(NUDGE_KEY)  # as when it waited longer than that lives
    queue.send("orders.query_silent_payments")

    with current_app.connection_for_read(queue.url) as line:
        waiting = line.SimpleQueue("celery")
        taken = [waiting.get(timeout=PATIENCE) for _n in range(4)]
        for message in taken:
            message.ack()
        waiting.close()

    assert [one.headers["task"] for one in taken] == ["orders.query_silent_payments", *[RELAY] * 3]


def relay_unclaimed():
    """Three relays that all take the same event: that an order was paid; its product."""
    product = pay()
    OutboxEvent.objects.exclude(name=PAID).delete()
    held = all_read_before_any_writes("mall.kernel.outbox.relaying._left", 3)
    with without_claims(), held:
        assert stampede(3, lambda _n: relay_batch(NOON + timedelta(hours=3))).errors == []
    return product


def test_control_without_claiming_it_only_the_constraint_keeps_an_event_from_acting_thrice():
    product = relay_unclaimed()

    assert sold(product) == 2
    assert "processed_once" in OutboxEvent.objects.get(name=PAID).last_error


def test_control_without_claim_and_memory_an_event_acts_thrice(monkeypatch):
    monkeypatch.setattr(ProcessedEvent.objects, "bulk_create", lambda _rows: None)

    assert sold(relay_unclaimed()) == 6
