"""A packer does not find what the books say is there. Source: O-17, O-26."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.testing import make_bundle, make_sku
from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem, Stocktake
from inventory.selectors import available_pieces
from inventory.services import (
    approve_stocktake,
    count_stock,
    enter_counts,
    reserve_stock,
    submit_stocktake,
)
from inventory.testing import make_stock, make_supplier, make_warehouse
from mall.kernel.audit.models import AuditEntry
from mall.kernel.invariants import audit
from members.testing import make_operator
from orders.errors import IllegalMove, NothingToPack
from orders.models import Order, OrderTask, Packing
from orders.selectors import boxes_of, orders_on, packing_queue
from orders.services import (
    Destination,
    Wanted,
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


def approve_count(item, counted, packer):
    """Count the row on the list that was opened for it."""
    paper = Stocktake.objects.get(lines__item=item)
    found = {"counted": {item.pk: counted}, "reasons": {item.pk: "counted"}}
    enter_counts(stocktake_id=paper.pk, **found, at=NOON, actor=packer)
    submit_stocktake(stocktake_id=paper.pk, at=NOON, actor=packer)
    approve_stocktake(stocktake_id=paper.pk, at=NOON, actor=make_operator())


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


def test_what_is_not_there_is_sold_to_nobody_until_it_is_counted(order, packer):
    near = held(order).get().item
    elsewhere(order)

    report(order, packer, near.warehouse)

    near.refresh_from_db()
    assert (near.on_hand, near.reserved, near.defective) == (0, 0, 5)
    assert available_pieces([near.sku_id]) == {near.sku_id: 0}
    with pytest.raises(OutOfStock):
        reserve_stock(
            order_number="B1", wanted={"1": (near.sku_id, 1)}, region_code="330106", at=NOON
        )
    assert [found for _law, found in audit() if found] == []


def test_the_pieces_of_a_bundle_that_are_not_there_are_set_aside_by_part(packer):
    cup, lid = make_sku(), make_sku()
    far = make_warehouse(code="far", priority=90)
    for sku in (cup, lid):
        make_stock(sku=sku, on_hand=6)
        make_stock(sku=sku, on_hand=6, warehouse=far)
    bundle = make_bundle({cup: 2, lid: 1})
    order = make_order(sku=bundle, quantity=2, paid=True)
    near = held(order)[0].item.warehouse

    assert report(order, packer, near)

    rows = StockItem.objects.filter(warehouse=near).values_list("sku", "on_hand", "defective")
    assert set(rows) == {(cup.pk, 2, 4), (lid.pk, 4, 2)}
    assert [found for _law, found in audit() if found] == []


def test_a_stocktake_of_the_shelf_is_asked_for_once_and_can_be_finished(order, packer):
    near = held(order).get().item
    make_stock(sku=near.sku, on_hand=7)
    other = make_order(sku=near.sku, quantity=2, paid=True)
    elsewhere(order)

    report(order, packer, near.warehouse)
    report(other, packer, near.warehouse)

    paper = Stocktake.objects.get()
    assert (paper.warehouse, paper.status) == (near.warehouse, "counting")
    assert order.number in paper.note
    assert [line.item for line in paper.lines.all()] == [near]
    approve_count(near, 5, packer)
    near.refresh_from_db()
    assert (near.on_hand, near.reserved, near.defective) == (5, 2, 5)


def test_where_nobody_can_send_them_the_shelf_is_counted_too(order, packer):
    near = held(order).get().item

    report(order, packer, near.warehouse)

    near.refresh_from_db()
    assert (near.on_hand, near.reserved, near.defective) == (5, 5, 0)
    assert Stocktake.objects.get().lines.get().item == near


def test_a_supplier_tells_its_own_stock(packer):
    sku, supplier = make_sku(), make_supplier(house=True)
    theirs = make_stock(sku=sku, on_hand=5, warehouse=supplier.warehouses.get())
    order = make_order(sku=sku, quantity=5, paid=True)
    ours = make_stock(sku=sku, on_hand=5)

    assert report(order, packer, theirs.warehouse)

    theirs.refresh_from_db()
    assert (held(order).get().item, theirs.on_hand, theirs.defective) == (ours, 5, 0)
    assert not Stocktake.objects.exists()


@pytest.fixture
def twice(order, packer):
    """Missed near, though more of it should lie there, then sent to a house far away."""
    near, far = held(order).get().item, elsewhere(order)
    make_stock(sku=near.sku, on_hand=7)
    assert report(order, packer, near.warehouse)
    return near, far


def test_goods_that_two_warehouses_miss_do_not_go_back_to_the_first(order, packer, twice):
    _near, far = twice

    assert not report(order, packer, far.warehouse)

    assert held(order).get().item == far
    task = OrderTask.objects.open().get()
    assert (task.kind, task.facts["warehouse"]) == ("stock_short", "far")


def test_a_third_warehouse_sends_what_two_miss(order, packer, twice):
    third = make_stock(sku=twice[0].sku, on_hand=5, warehouse=make_warehouse(code="third"))

    assert report(order, packer, twice[1].warehouse)

    assert held(order).get().item == third


@pytest.mark.parametrize(
    "believe",
    [
        lambda item, packer: make_stock(sku=item.sku, on_hand=5),
        lambda item, packer: count_stock(item_id=item.pk, counted=6, actor=packer, at=NOON),
        lambda item, packer: approve_count(item, 7, packer),
    ],
    ids=["filled", "counted at once", "counted on paper"],
)
def test_a_shelf_that_was_filled_or_counted_is_asked_again(order, packer, twice, believe):
    near, far = twice
    believe(near, packer)

    assert report(order, packer, far.warehouse)

    assert held(order).get().item == near


def test_goods_that_come_back_to_where_the_order_was_packed_are_picked_again(order, packer, twice):
    near, far = twice
    mark_packed(order_ids=[order.pk], warehouse=far.warehouse, actor=packer, at=NOON)
    make_stock(sku=near.sku, on_hand=5)
    report(order, packer, far.warehouse)
    mark_packed(order_ids=[order.pk], warehouse=near.warehouse, actor=packer, at=NOON)
    make_stock(sku=far.sku, on_hand=5, warehouse=far.warehouse)
    assert report(order, packer, near.warehouse)

    listed = make_pick_list(order_ids=[order.pk], warehouse=far.warehouse, actor=packer, at=NOON)

    assert list(orders_on(listed)) == [order]
    (box,) = boxes_of([order], far.warehouse_id)
    assert (box.pieces, box.packing.packed_at) == (5, None)


def test_a_house_that_sent_its_part_packs_what_comes_to_it_later(packer):
    """Two lines in two houses: one is sent, then the other's goods come there as well."""
    here, there = make_warehouse(code="here"), make_warehouse(code="there")
    first, second = make_sku(), make_sku()
    make_stock(sku=first, on_hand=1, warehouse=here)
    make_stock(sku=second, on_hand=1, warehouse=there)
    order = make_order(wanted=(Wanted(first.pk, 1), Wanted(second.pk, 1)), paid=True)
    mark_packed(order_ids=[order.pk], warehouse=here, actor=packer, at=NOON)
    ship_order(
        order_number=order.number, carrier="sf", tracking_no="SF1", warehouse_id=here.pk, at=NOON
    )
    make_stock(sku=second, on_hand=1, warehouse=here)

    assert report(order, packer, there)

    listed = make_pick_list(order_ids=[order.pk], warehouse=here, actor=packer, at=NOON)
    assert list(orders_on(listed)) == [order]
    assert Order.objects.get().stage == "to_pack"


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
    assert "No other warehouse can send them" in answer
    task = OrderTask.objects.get()
    page = client.get(reverse("admin:orders_ordertask_change", args=[task.pk])).content.decode()
    assert f"{order.number} · {near.code}" in page

    elsewhere(order)
    answer = client.post(address, {"warehouse": near.pk}, follow=True).content.decode()
    assert "a stocktake of the shelf is open" in answer
