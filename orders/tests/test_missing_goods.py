"""A packer does not find what the books say is there. Source: O-17, O-26."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.testing import make_sku
from inventory.models import Reservation
from inventory.services import count_stock
from inventory.testing import make_stock, make_warehouse
from mall.kernel.audit.models import AuditEntry
from mall.kernel.invariants import audit
from members.testing import make_operator
from orders.errors import IllegalMove, NothingToPack
from orders.models import Order, OrderTask, Packing
from orders.selectors import packing_queue
from orders.services import (
    Destination,
    change_address,
    make_pick_list,
    mark_packed,
    report_missing,
    ship_order,
    watch_orders,
)
from orders.testing import NOON, make_order

pytestmark = pytest.mark.django_db

URUMQI = "650102002"


@pytest.fixture
def packer():
    account = make_operator(is_superuser=False)
    account.user_permissions.add(Permission.objects.get(codename="add_shipment"))
    return account


@pytest.fixture
def order():
    """Five pieces that lie in one warehouse."""
    sku = make_sku()
    make_stock(sku=sku, on_hand=5)
    return make_order(sku=sku, quantity=5, paid=True)


def held(order):
    return Reservation.objects.of_source("order", order.number).open().select_related("item")


def elsewhere(order, pieces=5):
    return make_stock(
        sku=order.lines.get().sku, on_hand=pieces, warehouse=make_warehouse(code="far")
    )


def report(order, packer, house):
    return report_missing(order_number=order.number, warehouse=house, actor=packer, at=NOON)


def test_O_26_goods_that_are_not_there_come_from_another_warehouse(order, packer):
    near, far = held(order).get().item, elsewhere(order)
    make_pick_list(order_ids=[order.pk], warehouse=near.warehouse, actor=packer, at=NOON)

    assert report(order, packer, near.warehouse)

    assert held(order).get().item == far
    assert list(packing_queue(far.warehouse_id)) == [order]
    assert not packing_queue(near.warehouse_id).exists()
    assert not Packing.objects.exists()
    assert not OrderTask.objects.exists()
    entry = AuditEntry.objects.get(verb="orders.report_missing")
    assert entry.after == {"warehouse": near.warehouse.code, "pieces": 5, "moved": True}
    count_stock(item_id=near.pk, counted=0, actor=packer, at=NOON)
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON)
    assert [found for _law, found in audit() if found] == []


def test_O_26_where_no_warehouse_has_them_somebody_sees_to_it(order, packer):
    near = held(order).get().item
    elsewhere(order, pieces=4)

    assert not report(order, packer, near.warehouse)
    assert not report(order, packer, near.warehouse)

    task = OrderTask.objects.get()
    assert (task.kind, task.order, task.assignee) == ("stock_short", order, packer)
    assert task.facts == {"warehouse": near.warehouse.code, "pieces": 5}
    assert held(order).get().item == near
    watch_orders(NOON)
    assert OrderTask.objects.open().exists()


def test_O_26_the_task_is_over_once_another_warehouse_has_them(order, packer):
    near = held(order).get().item
    report(order, packer, near.warehouse)
    elsewhere(order)

    assert report(order, packer, near.warehouse)

    assert OrderTask.objects.get().outcome == "found elsewhere"


def test_O_26_the_task_is_over_once_the_order_takes_its_goods_from_elsewhere_anyway(order, packer):
    near = held(order).get().item
    report(order, packer, near.warehouse)
    west = make_warehouse(code="west", served_prefixes=("65",))
    make_stock(sku=near.sku, on_hand=5, warehouse=west)
    watch_orders(NOON)
    assert OrderTask.objects.open().exists()

    change_address(
        order_number=order.number,
        to=Destination("李四", "13911112222", URUMQI, "人民路 8 号"),
        reason="搬家",
        actor=packer,
        at=NOON,
    )
    watch_orders(NOON)

    assert OrderTask.objects.get().outcome == "gone"


def test_an_order_that_was_packed_is_to_be_packed_again(order, packer):
    near = held(order).get().item.warehouse
    elsewhere(order)
    mark_packed(order_ids=[order.pk], warehouse=near, actor=packer, at=NOON)

    report(order, packer, near)

    assert Order.objects.get().stage == "to_pack"


def test_what_lies_elsewhere_or_waits_is_not_missed(order, packer):
    with pytest.raises(NothingToPack):
        report(order, packer, make_warehouse())
    Order.objects.update(stage="in_review")
    with pytest.raises(IllegalMove):
        report(order, packer, held(order).get().item.warehouse)


def test_the_desk_asks_where_it_was_looked_for_and_says_what_came_of_it(order, client):
    client.force_login(make_operator(), backend="members.backends.AccountBackend")
    client.cookies["django_language"] = "en"
    near = held(order).get().item.warehouse
    address = reverse("admin:orders_order_not_there", args=[order.pk])
    page = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    assert f'"{address}"' in page

    answer = client.post(address, {"warehouse": near.pk}, follow=True).content.decode()
    assert "No other warehouse has them" in answer
    task = OrderTask.objects.get()
    page = client.get(reverse("admin:orders_ordertask_change", args=[task.pk])).content.decode()
    assert f"{order.number} · {near.code}" in page

    elsewhere(order)
    answer = client.post(address, {"warehouse": near.pk}, follow=True).content.decode()
    assert "Another warehouse sends them" in answer
