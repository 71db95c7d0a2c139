"""Timers: every name that beat knows is a task and may run twice, on an empty or a busy shop."""

import pytest
from celery import current_app
from django.conf import settings
from django.db import OperationalError

from orders import services, tasks
from orders.testing import make_order

pytestmark = pytest.mark.django_db
TIMERS = sorted(
    entry["task"]
    for entry in settings.CELERY_BEAT_SCHEDULE.values()
    if entry["task"].startswith("orders.")
)


@pytest.mark.parametrize("name", TIMERS)
def test_a_timer_is_a_task_that_may_run_twice(name):
    task = current_app.tasks[name]
    order = make_order()

    task()
    task()

    order.refresh_from_db()
    assert order.status in ("unpaid", "closed")


def test_a_refresher_in_the_process_never_raises(monkeypatch, caplog):
    def broken(*_args):
        raise OperationalError

    monkeypatch.setattr("orders.services.refresh_shelf", broken)

    assert tasks.refresh_marked([1]) == [], "nothing is done"

    assert "the shelf was not refreshed" in caplog.text


@pytest.mark.parametrize(("products", "woken"), [(50, []), (51, ["orders.refresh_shelf"])])
def test_more_than_fifty_products_are_left_to_the_worker(monkeypatch, products, woken):
    refreshed, nudged = [], []
    monkeypatch.setattr("orders.services.refresh_shelf", lambda _at, ids: refreshed.extend(ids))
    monkeypatch.setattr("orders.tasks.nudge", nudged.append)

    done = tasks.refresh_marked(range(products))

    assert (refreshed, nudged) == (list(range(50)), woken)
    assert list(done) == refreshed


def test_while_the_shelf_is_paused_nothing_is_refreshed_in_the_process():
    with services.shelf_paused():
        assert tasks.refresh_marked([1]) == []
