"""A part that goes another way: refused, cancelled, sent by file or by operators. Source: O-28."""

import pytest

from inventory.models import Reservation, SupplierCharge, Warehouse
from inventory.testing import broken_books, make_goods, make_stock, make_supplier
from mall.kernel import clock
from mall.kernel.outbox import relay_batch
from members.testing import make_operator
from orders.errors import SubOrderOver
from orders.models import ForwardRoute, OrderTask, Shipment, SubOrder
from orders.services import (
    Report,
    cancel_order,
    file_of_partner,
    forward_due,
    report_sub_order,
    save_route,
    send_sub_order_again,
    ship_by_file,
    ship_order,
    write_missing,
)
from orders.testing import make_order
from orders.tests.partners import (
    SHIPPED,
    TRACKING,
    connect,
    door,
    dropped,
    hear,
    lawful,
    mixed_order,
    partner,
)

__all__ = ["door", "partner"]
pytestmark = pytest.mark.django_db(transaction=True)
State = SubOrder.State


def test_what_one_supplier_refuses_is_reserved_elsewhere(partner):
    first, second = make_supplier(house=True), make_supplier(house=True)
    sku = dropped(first)
    order = make_order(sku=sku, quantity=2, paid=True, at=clock.now())
    relay_batch(clock.now())
    other = Warehouse.objects.get(supplier=second)
    make_goods(second, sku, cost_fen=4_000)
    make_stock(sku=sku, on_hand=10, warehouse=other)
    sub = SubOrder.objects.get()

    report_sub_order(
        number=sub.number,
        warehouse_id=sub.warehouse_id,
        report=Report("refused", reason="缺货"),
        at=clock.now(),
    )
    write_missing(clock.now())

    sub.refresh_from_db()
    assert (sub.state, sub.reason) == (State.REFUSED, "缺货")
    held = Reservation.objects.of_source("order", order.number).open()
    assert [(row.item.warehouse_id, row.held) for row in held] == [(other.pk, 2)]
    anew = SubOrder.objects.live().get()
    assert (anew.warehouse_id, anew.lines.get().cost_fen) == (other.pk, 4_000)
    assert not OrderTask.objects.filter(kind=OrderTask.Kind.DROPSHIP_FAILED).exists()
    assert broken_books() == []
    lawful()


def test_what_two_suppliers_refuse_does_not_go_back_to_the_first():
    first, second = make_supplier(house=True), make_supplier(house=True)
    sku = dropped(first)
    order = make_order(sku=sku, paid=True, at=clock.now())
    relay_batch(clock.now())
    make_goods(second, sku)
    make_stock(sku=sku, on_hand=10, warehouse=Warehouse.objects.get(supplier=second))

    asked = []
    for _time in range(2):
        sub = SubOrder.objects.live().get()
        asked.append(sub.warehouse.supplier)
        report_sub_order(
            number=sub.number,
            warehouse_id=sub.warehouse_id,
            report=Report("refused"),
            at=clock.now(),
        )
        write_missing(clock.now())

    assert asked == [first, second]
    assert not SubOrder.objects.live().exists()
    task = OrderTask.objects.get(kind=OrderTask.Kind.DROPSHIP_FAILED)
    assert (task.order_id, task.facts["detail"]) == (order.pk, "inventory.out_of_stock")
    lawful()


def test_what_nobody_else_has_becomes_a_task_and_can_be_asked_for_anew():
    order = make_order(sku=dropped(make_supplier(house=True)), paid=True, at=clock.now())
    relay_batch(clock.now())
    sub, operator = SubOrder.objects.get(), make_operator()

    report_sub_order(
        number=sub.number, warehouse_id=sub.warehouse_id, report=Report("refused"), at=clock.now()
    )

    assert write_missing(clock.now()) == 0
    task = OrderTask.objects.get()
    assert (task.order_id, task.facts["reason"], task.facts["detail"]) == (
        order.pk, "refused", "inventory.out_of_stock",
    )  # fmt: skip

    send_sub_order_again(number=sub.number, actor=operator, at=clock.now())

    task.refresh_from_db()
    assert task.closed_at is not None
    assert SubOrder.objects.live().get().number != sub.number
    lawful()


def test_an_order_that_is_cancelled_is_called_back_from_its_supplier(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    order = mixed_order(supplier)
    forward_due(clock.now())
    number = SubOrder.objects.get().number
    assert number in partner.orders

    cancel_order(number=order.number, member_id=order.member_id, reason="不要了", at=clock.now())
    assert SubOrder.objects.get().state == State.CANCELLED
    forward_due(clock.now())

    assert (number in partner.orders, number in partner.recalled) == (False, True)
    assert SubOrder.objects.get().next_at is None
    late = hear(partner, number, SHIPPED)
    assert (late.status_code, late.json()["code"]) == (409, "orders.sub_order_over")
    assert not Shipment.objects.exists()
    assert OrderTask.objects.get(kind="dropship_failed").facts["reason"] == "parcel_not_booked"
    lawful()


def test_what_left_before_it_was_called_back_becomes_a_task(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    order = mixed_order(supplier)
    forward_due(clock.now())
    partner.shipped.add(SubOrder.objects.get().number)

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=clock.now())
    forward_due(clock.now())

    assert OrderTask.objects.get(kind="dropship_failed").facts["reason"] == "recalled_too_late"
    assert SubOrder.objects.get().next_at is None


def test_what_nobody_was_told_of_is_cancelled_without_a_word(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    order = mixed_order(supplier)

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=clock.now())

    assert forward_due(clock.now()) == 0
    assert partner.heard == []
    assert SubOrder.objects.get().state == State.CANCELLED


def test_files_go_out_and_come_back_with_tracking_numbers():
    supplier, operator = make_supplier(house=True), make_operator()
    house = Warehouse.objects.get(supplier=supplier)
    save_route(route=ForwardRoute(warehouse=house, adapter="csv"), actor=operator, at=clock.now())
    order = mixed_order(supplier)
    assert forward_due(clock.now()) == 0
    sub = SubOrder.objects.get()

    rows = file_of_partner(warehouse=house, actor=operator, at=clock.now())

    assert [(row[0], row[4], row[6]) for row in rows] == [(sub.number, 2, order.receiver_phone)]
    sub.refresh_from_db()
    assert sub.state == State.SENT
    text = f"sub_order,carrier,tracking_no\n{sub.number},sf,{TRACKING}\nD0,sf,SF9\n{sub.number},,\n"
    results = {}
    for is_trial in (True, False, False):
        done = ship_by_file(
            content=text.encode(), warehouse=house, actor=operator, at=clock.now(),
            is_trial=is_trial,
        )  # fmt: skip
        results[len(results)] = [row.outcome for row in done]
    assert results == {0: ["would_ship", "bad"], 1: ["shipped", "bad"], 2: ["known", "bad"]}
    assert Shipment.objects.get().tracking_no == TRACKING
    lawful()


def test_a_parcel_that_an_operator_sends_ends_the_sub_order_too():
    supplier = make_supplier(house=True)
    order = make_order(sku=dropped(supplier), quantity=2, paid=True, at=clock.now())
    relay_batch(clock.now())

    ship_order(order_number=order.number, carrier="sf", tracking_no=TRACKING, at=clock.now())

    sub = SubOrder.objects.get()
    assert (sub.state, sub.shipment) == (State.SHIPPED, Shipment.objects.get())
    assert SupplierCharge.objects.get(kind="dropship").amount_fen == 6_000
    lawful()


def test_a_part_that_is_sent_otherwise_calls_the_rest_back_and_writes_it_anew():
    supplier = make_supplier(house=True)
    order = make_order(sku=dropped(supplier), quantity=2, paid=True, at=clock.now())
    relay_batch(clock.now())
    line = order.lines.get()

    ship_order(
        order_number=order.number, carrier="sf", tracking_no=TRACKING, pieces={line.pk: 1},
        at=clock.now(),
    )  # fmt: skip
    write_missing(clock.now())

    states = SubOrder.objects.order_by("pk").values_list("state", "lines__quantity")
    assert list(states) == [("cancelled", 2), ("shipped", 1), ("pending", 1)]
    lawful()


def test_what_is_shipped_is_not_sent_again():
    order = make_order(sku=dropped(make_supplier(house=True)), paid=True, at=clock.now())
    relay_batch(clock.now())
    ship_order(order_number=order.number, carrier="sf", tracking_no=TRACKING, at=clock.now())
    sub = SubOrder.objects.get()

    with pytest.raises(SubOrderOver):
        send_sub_order_again(number=sub.number, actor=make_operator(), at=clock.now())
