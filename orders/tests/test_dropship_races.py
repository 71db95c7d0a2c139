"""Partners and the shop at the same instant: a parcel is reported while its order is cancelled, or
twice at once; each with its control. Source: O-28."""

import pytest

from inventory.models import SupplierCharge, Warehouse
from inventory.testing import broken_books, make_supplier
from mall.kernel import clock
from mall.kernel.errors import Busy
from mall.kernel.outbox import relay_batch
from mall.kernel.testing.race import (
    all_read_before_any_writes,
    rival_after,
    rival_before,
    stampede,
    without_locks,
)
from orders.errors import IllegalMove, ParcelKnown, SubOrderOver
from orders.models import Order, Shipment, SubOrder
from orders.services import (
    Report,
    cancel_order,
    forward_due,
    report_sub_order,
    write_missing,
    write_sub_orders,
)
from orders.simulator import partner_running
from orders.testing import make_order
from orders.tests.partners import connect, dropped, lawful

pytestmark = pytest.mark.django_db(transaction=True)
KNOWN = "orders.services.dropship.reporting._is_known"
State = SubOrder.State


def forwarded(house=None):
    """A sub-order that its supplier knows of, of an order with nothing else."""
    supplier = house or make_supplier(house=True)
    order = make_order(sku=dropped(supplier), quantity=2, paid=True, at=clock.now())
    relay_batch(clock.now())
    forward_due(clock.now())
    return SubOrder.objects.get(order=order)


def ship(sub):
    report = Report("shipped", carrier="sf", tracking_no=f"SF{sub.pk:08}")
    return report_sub_order(
        number=sub.number, warehouse_id=sub.warehouse_id, report=report, at=clock.now()
    )


def cancel(sub):
    order = sub.order
    return cancel_order(number=order.number, member_id=order.member_id, reason="", at=clock.now())


def test_a_parcel_and_a_cancellation_at_once_one_of_them_wins():
    supplier = make_supplier(house=True)
    for _n in range(4):
        sub = forwarded(supplier)

        def run(number, sub=sub):
            return cancel(sub) if number else ship(sub)

        outcomes = stampede(2, run)

        assert len(outcomes.results) == 1
        assert isinstance(outcomes.errors[0], SubOrderOver | IllegalMove)
        sub = SubOrder.objects.select_related("order").get(pk=sub.pk)
        ended = (sub.state, sub.order.status, Shipment.objects.filter(order=sub.order).count())
        assert ended in (
            (State.SHIPPED, Order.Status.SHIPPED, 1),
            (State.CANCELLED, Order.Status.CLOSED, 0),
        )
    assert broken_books() == []
    lawful()


def test_a_cancellation_waits_while_a_parcel_is_booked():
    sub = forwarded()

    with rival_after(KNOWN, lambda: cancel(sub)) as rival:
        ship(sub)

    assert isinstance(rival.error, Busy)
    assert Order.objects.get().status == Order.Status.SHIPPED
    lawful()


def test_control_without_locks_the_cancellation_comes_in_between():
    sub = forwarded()

    with (
        without_locks(),
        rival_after(KNOWN, lambda: cancel(sub)) as rival,
        pytest.raises(IllegalMove),
    ):
        ship(sub)

    assert rival.error is None
    assert Order.objects.get().status == Order.Status.CLOSED


def test_the_same_report_twice_at_once_is_one_parcel():
    sub = forwarded()

    with all_read_before_any_writes(KNOWN, 2, or_a_lock_holds_them=True):
        outcomes = stampede(2, lambda _n: ship(sub))

    assert sorted(result.outcome for result in outcomes.results) == ["applied", "repeated"]
    assert Shipment.objects.count() == 1
    assert SupplierCharge.objects.filter(kind="dropship").count() == 1
    lawful()


def test_control_without_locks_the_second_report_is_no_repetition():
    sub = forwarded()

    with without_locks(), all_read_before_any_writes(KNOWN, 2):
        outcomes = stampede(2, lambda _n: ship(sub))

    assert [result.outcome for result in outcomes.results] == ["applied"]
    [error] = outcomes.errors
    assert isinstance(error, ParcelKnown | IllegalMove)


def test_the_event_and_the_sweep_at_once_write_one_sub_order():
    order = make_order(sku=dropped(make_supplier(house=True)), paid=True, at=clock.now())

    def run(number):
        if number:
            return write_missing(clock.now())
        return write_sub_orders(order_number=order.number, at=clock.now())

    outcomes = stampede(2, run)

    assert sorted(outcomes.results) == [0, 1]
    assert SubOrder.objects.count() == 1


def test_an_order_called_back_while_it_is_being_told_is_asked_back_after_it():
    with partner_running() as door:
        supplier = make_supplier(house=True)
        connect(Warehouse.objects.get(supplier=supplier), door)
        make_order(sku=dropped(supplier), paid=True, at=clock.now())
        relay_batch(clock.now())
        sub = SubOrder.objects.select_related("order").get()

        with rival_before("orders.services.dropship.forwarding._book_forward", lambda: cancel(sub)):
            forward_due(clock.now())
        assert sub.number in door.orders
        forward_due(clock.now())

        assert (sub.number in door.orders, sub.number in door.recalled) == (False, True)
    sub.refresh_from_db()
    assert (sub.state, sub.next_at) == (State.CANCELLED, None)
