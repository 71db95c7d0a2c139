"""Parts of orders that partners ship: written, forwarded, watched. Source: O-28, I-23, I-28."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from catalog.testing import make_bundle, make_sku
from inventory.models import StockItem, SupplierCharge, SupplierFact, Warehouse
from inventory.testing import make_stock, make_supplier, make_warehouse
from mall.kernel import clock
from mall.kernel.notify.models import Message
from mall.kernel.outbox import relay_batch
from members.testing import make_operator
from orders.models import ForwardRoute, Order, OrderTask, PartnerReport, Shipment, SubOrder
from orders.services import forward_due, watch_sub_orders, write_missing
from orders.testing import make_order, make_stocked_sku
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


def test_O_28_a_paid_mixed_order_yields_one_sub_order_and_its_callback_ships_that_part(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    order = mixed_order(supplier)
    forward_due(clock.now())
    sub = SubOrder.objects.get()
    assert (sub.order_id, sub.state, [row.quantity for row in sub.lines.all()]) == (
        order.pk, State.SENT, [2],
    )  # fmt: skip
    taken = partner.orders[sub.number]
    assert taken["receiver"]["phone"] == order.receiver_phone
    assert [line["pieces"] for line in taken["lines"]] == [2]

    answer = hear(partner, sub.number, SHIPPED)

    assert answer.status_code == 200, answer.content
    shipment = Shipment.objects.get()
    assert answer.json() == {
        "number": sub.number, "state": "shipped", "outcome": "applied",
        "shipment": shipment.number,
    }  # fmt: skip
    assert (shipment.tracking_no, shipment.warehouse.supplier_id) == (TRACKING, supplier.pk)
    assert [row.quantity for row in shipment.lines.all()] == [2]
    order.refresh_from_db()
    assert order.status == Order.Status.PART_SHIPPED
    report = PartnerReport.objects.get()
    assert (json.loads(report.body), report.outcome) == (SHIPPED, "applied")
    lawful()


def test_I_23_a_mock_wms_callback_ships_the_order(partner):
    cloud = make_warehouse(kind=Warehouse.Kind.CLOUD)
    connect(cloud, partner, adapter="wms")
    sku = make_sku(price_fen=10_000)
    make_stock(sku=sku, on_hand=5, warehouse=cloud)
    order = make_order(sku=sku, quantity=2, paid=True, at=clock.now())
    relay_batch(clock.now())
    forward_due(clock.now())
    sub = SubOrder.objects.get()
    assert partner.orders[sub.number]["items"] == [{"sku": sku.code, "quantity": 2}]
    assert urlsplit(partner.heard[0].target).path == "/mall/outbound"

    answer = hear(partner, sub.number, SHIPPED)

    assert answer.status_code == 200, answer.content
    order.refresh_from_db()
    assert (order.status, sub.order.pk) == (Order.Status.SHIPPED, order.pk)
    assert not SupplierCharge.objects.exists()
    lawful()


def test_a_cloud_without_a_way_to_it_is_packed_by_ourselves():
    cloud = make_warehouse(kind=Warehouse.Kind.CLOUD)
    sku = make_sku(price_fen=10_000)
    make_stock(sku=sku, on_hand=5, warehouse=cloud)

    make_order(sku=sku, paid=True, at=clock.now())
    relay_batch(clock.now())

    assert write_missing(clock.now()) == 0
    assert not SubOrder.objects.exists()


def test_bundles_held_before_a_house_was_a_cloud_are_told_as_many_as_they_are():
    a, b = make_stocked_sku(), make_stocked_sku()
    order = make_order(sku=make_bundle({a: 2, b: 1}), quantity=3, paid=True, at=clock.now())
    cloud = StockItem.objects.get(sku=a).warehouse
    Warehouse.objects.filter(pk=cloud.pk).update(kind=Warehouse.Kind.CLOUD)
    ForwardRoute.objects.create(warehouse=cloud, adapter=ForwardRoute.Adapter.PORTAL)

    assert write_missing(clock.now()) == 1

    assert [row.quantity for row in SubOrder.objects.get(order=order).lines.all()] == [3]


def test_the_sweep_finds_what_an_event_has_missed_and_writes_it_once():
    supplier = make_supplier(house=True)
    order = make_order(sku=dropped(supplier), paid=True, at=clock.now())
    assert not SubOrder.objects.exists()

    assert write_missing(clock.now()) == 1
    assert write_missing(clock.now()) == 0
    relay_batch(clock.now())

    assert SubOrder.objects.get().order_id == order.pk


@pytest.mark.parametrize("stage", ["in_review", "grouping"])
def test_an_order_that_waits_for_somebody_is_not_forwarded(stage):
    order = make_order(sku=dropped(make_supplier(house=True)), paid=True, at=clock.now())
    Order.objects.filter(pk=order.pk).update(stage=stage)

    relay_batch(clock.now())

    assert write_missing(clock.now()) == 0
    assert not SubOrder.objects.exists()


def test_O_28_a_partner_that_fails_is_tried_later_and_reported_once(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    operator = make_operator()
    mixed_order(supplier)
    partner.troubles[:] = [503] * 6
    at = clock.now()

    for _attempt in range(6):
        assert forward_due(at) == 0
        at += timedelta(hours=1)

    task = OrderTask.objects.get(kind=OrderTask.Kind.DROPSHIP_FAILED)
    sub = SubOrder.objects.get()
    assert (task.reference, task.facts["reason"], sub.attempts) == (sub.number, "no_answer", 6)
    assert sub.last_error == "status 503"
    told = Message.objects.filter(account=operator, template="orders.dropship_failed")
    assert told.count() == 1

    assert forward_due(at) == 1

    task.refresh_from_db()
    sub.refresh_from_db()
    assert (sub.state, sub.next_at, task.outcome) == (State.SENT, None, "sent")


def test_a_line_that_is_cut_after_the_order_was_taken_makes_no_second_order(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)
    partner.troubles.append(0)
    at = clock.now()

    assert forward_due(at) == 0
    assert forward_due(at) == 0
    assert forward_due(at + timedelta(minutes=1)) == 1

    assert len(partner.heard) == 2
    assert list(partner.orders) == [SubOrder.objects.get().number]


def test_a_sub_order_nobody_accepts_becomes_a_task_and_its_hours_run_out():
    supplier = make_supplier(house=True)
    make_order(sku=dropped(supplier), paid=True, at=clock.now())
    relay_batch(clock.now())
    forward_due(clock.now())
    made = SubOrder.objects.get().created_at

    assert watch_sub_orders(made + timedelta(hours=23)) == 0
    assert watch_sub_orders(made + timedelta(hours=24)) == 1
    assert OrderTask.objects.get().facts["reason"] == "not_accepted"
    assert watch_sub_orders(made + timedelta(hours=48)) == 0
    assert watch_sub_orders(made + timedelta(hours=48, seconds=1)) == 1
    assert watch_sub_orders(made + timedelta(hours=49)) == 0

    assert (SupplierFact.objects.get().good, SubOrder.objects.get().is_late) == (0, True)
