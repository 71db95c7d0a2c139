"""Every state against every deed: the table decides, the database agrees (INV-11, INV-30)."""

import pytest
from django.db import IntegrityError, connection, transaction

from orders.errors import IllegalMove
from orders.models import Order, OrderHistory
from orders.services.moving import move
from orders.states import MOVES, Deed, transitions
from orders.testing import NOON

pytestmark = pytest.mark.django_db
STATUSES = [status.value for status in Order.Status]


@pytest.fixture
def bare_order():
    def make(status="unpaid"):
        return Order.objects.create(
            number=f"T{status}", status=status, placed_at=NOON, goods_fen=0, payable_fen=0
        )

    return make


@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("status", STATUSES)
def test_O_15_a_deed_moves_only_from_where_the_table_says(bare_order, status, deed):
    order = bare_order(status)
    step = MOVES[deed]

    if status in step.sources:
        move(order, deed, at=NOON)
        row = OrderHistory.objects.get(order=order)
        assert (row.from_status, row.to_status, row.code) == (status, step.target, deed)
        assert Order.objects.get(pk=order.pk).status == step.target
    else:
        with pytest.raises(IllegalMove) as refusal:
            move(order, deed, at=NOON)
        assert refusal.value.facts == {"status": status}
        assert Order.objects.get(pk=order.pk).status == status
        assert not OrderHistory.objects.exists()


@pytest.mark.parametrize("target", STATUSES)
@pytest.mark.parametrize("source", STATUSES)
def test_the_database_holds_the_same_pairs(bare_order, source, target):
    order = bare_order(source)

    def leap():
        with transaction.atomic():
            Order.objects.filter(pk=order.pk).update(status=target)

    if source == target or (source, target) in transitions():
        leap()
    else:
        with pytest.raises(IntegrityError):
            leap()


def test_whoever_read_an_old_state_is_refused(bare_order):
    order = bare_order("unpaid")
    Order.objects.filter(pk=order.pk).update(status="closed")

    with pytest.raises(IllegalMove) as refusal:
        move(order, Deed.PAID, at=NOON)

    assert refusal.value.facts == {"status": "closed"}


def test_history_cannot_be_changed_or_deleted(bare_order):
    order = bare_order("unpaid")
    move(order, Deed.PAID, at=NOON)

    for statement in (
        "UPDATE orders_orderhistory SET code = 'x'",
        "DELETE FROM orders_orderhistory",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
