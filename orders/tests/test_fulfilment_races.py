"""Fulfilment under contention: a check is decided once, a parcel leaves once."""

from datetime import timedelta

import pytest

from inventory.models import StockItem
from mall.kernel.notify.models import Message
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members.testing import make_operator
from orders.errors import IllegalMove, RemindedAlready
from orders.models import (
    Order,
    OrderCheck,
    OrderHistory,
    OrderTask,
    Packing,
    Refund,
    ReviewPolicy,
    Shipment,
    ShipmentTrace,
)
from orders.services import (
    cancel_order,
    mark_packed,
    pass_check,
    read_parcels,
    record_trace,
    reject_check,
    remind_payment,
    ship_order,
    ship_rows,
    watch_orders,
)
from orders.services.fulfilment.carrying import make_usual_carriers
from orders.testing import NOON, make_order, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 8


@pytest.fixture(autouse=True)
def carriers():
    make_usual_carriers()


def risky_order():
    ReviewPolicy.objects.create(pk=1, amount_fen=1)
    return make_order(paid=True, sku=make_stocked_sku())


def test_a_check_is_decided_once_whoever_decides_it():
    order, operator = risky_order(), make_operator()
    check = OrderCheck.objects.get()
    deeds = [
        lambda: pass_check(check_id=check.pk, actor=operator, at=NOON),
        lambda: reject_check(check_id=check.pk, reason="x", actor=operator, at=NOON),
        lambda: cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON),
    ]

    outcomes = stampede(6, lambda n: deeds[n % 3]())

    assert outcomes.only(IllegalMove)
    order.refresh_from_db()
    check.refresh_from_db()
    paid_back = Refund.objects.count()
    assert paid_back == (order.status == "closed")
    assert check.verdict in ("passed", "rejected", "over")


def test_one_of_many_clicks_reminds():
    order, operator = make_order(), make_operator()
    Order.objects.update(expires_at=NOON + timedelta(days=1))

    outcomes = stampede(
        CROWD, lambda _n: remind_payment(order_number=order.number, actor=operator, at=NOON)
    )

    assert len(outcomes.results) == 1
    assert outcomes.only(RemindedAlready)
    sent = Message.objects.filter(template="orders.pay_reminder", channel="inbox")
    assert sent.count() == 1


def test_control_without_locks_many_clicks_remind_many_times():
    order, operator = make_order(), make_operator()
    Order.objects.update(expires_at=NOON + timedelta(days=1))
    together = all_read_before_any_writes("orders.services.fulfilment.reminding.tell_buyer", CROWD)

    with without_locks(), together:
        stampede(
            CROWD, lambda _n: remind_payment(order_number=order.number, actor=operator, at=NOON)
        )

    sent = Message.objects.filter(template="orders.pay_reminder", channel="inbox")
    assert sent.count() > 1


def test_the_same_file_twice_at_once_sends_each_parcel_once():
    orders = [make_order(paid=True) for _n in range(3)]
    rows = "\n".join(f"{order.number},sf,SF{order.pk}" for order in orders)
    parcels = read_parcels(f"order_number,carrier,tracking_no\n{rows}\n".encode())
    operator = make_operator()

    outcomes = stampede(4, lambda _n: ship_rows(parcels, actor=operator, at=NOON, is_trial=False))

    assert not outcomes.errors
    assert Shipment.objects.count() == 3
    assert set(Order.objects.values_list("status", flat=True)) == {"shipped"}
    shipped = [row.outcome for rows in outcomes.results for row in rows]
    assert shipped.count("shipped") == 3


def test_an_order_is_packed_once_in_its_history():
    order, operator = make_order(paid=True), make_operator()
    here = StockItem.objects.get().warehouse

    outcomes = stampede(
        CROWD,
        lambda _n: mark_packed(order_ids=[order.pk], warehouse=here, actor=operator, at=NOON),
    )

    assert not outcomes.errors
    assert sum(outcomes.results) == 1
    assert Packing.objects.count() == 1
    assert OrderHistory.objects.filter(code="packed").count() == 1


def test_a_scan_told_many_times_at_once_is_one():
    order = make_order(paid=True)
    shipment = ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON)

    outcomes = stampede(
        CROWD,
        lambda _n: record_trace(shipment_number=shipment.number, code="signed", at=NOON),
    )

    assert not outcomes.errors
    assert ShipmentTrace.objects.count() == 1
    assert Message.objects.filter(template="orders.order_signed").count() == 1


def test_two_watchers_open_one_task():
    make_order(paid=True)

    outcomes = stampede(4, lambda _n: watch_orders(NOON + timedelta(hours=49)))

    assert not outcomes.errors
    assert OrderTask.objects.count() == 1
