"""Two beats send the same task: an order is closed once. Source: F-07 of reliability.md."""

from datetime import timedelta

import pytest

from inventory.models import StockItem
from mall.kernel.testing.race import rival_before, stampede, without_locks
from orders.errors import IllegalMove
from orders.models import Order, OrderHistory
from orders.services import close_order, close_unpaid
from orders.services.moving import note_history
from orders.states import MOVES
from orders.testing import NOON, make_order, open_sandbox_payment

pytestmark = pytest.mark.django_db(transaction=True)
LATE = NOON + timedelta(hours=3)


def make_unpaid():
    order = make_order(at=NOON, quantity=2)
    open_sandbox_payment(order)
    return order


def times_closed(order):
    return OrderHistory.objects.filter(order=order, to_status=Order.Status.CLOSED).count()


def test_F_07_two_beats_that_both_send_close_an_order_once():
    order = make_unpaid()

    outcomes = stampede(6, lambda _n: close_unpaid(LATE))

    assert outcomes.errors == []
    assert sum(outcomes.results) == 1
    order.refresh_from_db()
    assert (order.status, StockItem.objects.get().reserved) == ("closed", 0)
    assert times_closed(order) == 1


def close_while_another_closes(order):
    """Between reading the order and closing it a second beat does all of it."""
    with rival_before("orders.services.closing.move", lambda: close_unpaid(LATE)) as rival:
        close_order(order_id=order.pk, reason=Order.CloseReason.TIMEOUT, at=LATE)
    assert rival.error is None


def test_control_without_locks_only_the_condition_of_its_move_closes_an_order_once():
    order = make_unpaid()

    with without_locks(), pytest.raises(IllegalMove):
        close_while_another_closes(order)

    assert times_closed(order) == 1


def move_whatever_it_is(order, deed, *, at, actor=None, note="", **stamps):
    """`move` without the condition in its UPDATE."""
    before = order.status
    Order.objects.filter(pk=order.pk).update(**stamps, stage="", status=MOVES[deed].target)
    order.refresh_from_db()
    note_history(order, deed, before=before, at=at, actor=actor, note=note)


def test_control_without_lock_and_condition_two_beats_close_an_order_twice(monkeypatch):
    order = make_unpaid()
    monkeypatch.setattr("orders.services.closing.move", move_whatever_it_is)

    with without_locks():
        close_while_another_closes(order)

    assert times_closed(order) == 2
