"""An operator corrects an address: the goods come from elsewhere, the price stays. Source: O-26."""

import pytest

from catalog.models import RegionSet
from catalog.testing import make_sku
from inventory.errors import OutOfStock
from inventory.models import Reservation
from inventory.testing import make_stock, make_warehouse
from mall.kernel.errors import InvalidInput
from mall.kernel.invariants import audit
from mall.kernel.models import AuditEntry, Message
from members.testing import make_operator
from orders.errors import IllegalMove, NotSoldThere
from orders.models import Order, OrderHistory, OrderTask, Packing
from orders.providers import Trade, TradeState
from orders.services import (
    Destination,
    change_address,
    close_order,
    make_pick_list,
    mark_packed,
    open_task,
    ship_order,
)
from orders.services.querying import settle_trade
from orders.testing import NOON, make_order, open_sandbox_payment

pytestmark = pytest.mark.django_db
URUMQI = "650102002"


@pytest.fixture
def clerk():
    return make_operator()


def elsewhere(order, clerk, **values):
    to = {
        "receiver_name": "李四",
        "receiver_phone": "13911112222",
        "region_code": URUMQI,
        "address_detail": "人民路 8 号",
        **values,
    }
    return change_address(
        order_number=order.number, to=Destination(**to), reason="写错了", actor=clerk, at=NOON
    )


def two_houses():
    """A SKU in the east and in Xinjiang, and an order for the east."""
    sku = make_sku()
    east = make_stock(sku=sku, on_hand=5)
    west = make_stock(
        sku=sku, on_hand=5, warehouse=make_warehouse(code="west", served_prefixes=("65",))
    )
    return make_order(sku=sku, quantity=2, paid=True), east, west


def test_the_goods_come_from_the_warehouse_that_serves_the_new_place(clerk):
    order, east, west = two_houses()

    changed = elsewhere(order, clerk)

    for item in (east, west):
        item.refresh_from_db()
    assert (east.reserved, west.reserved) == (0, 2)
    assert changed.region_names[0] == "新疆维吾尔自治区"
    assert changed.payable_fen == order.payable_fen
    assert [found for _row, found in audit() if found] == []


def test_what_is_packed_for_the_old_place_is_packed_anew(clerk):
    order, east, west = two_houses()
    ids = [order.pk]
    for house in (east.warehouse, west.warehouse):
        make_pick_list(order_ids=ids, warehouse=house, actor=clerk, at=NOON)
        mark_packed(order_ids=ids, warehouse=house, actor=clerk, at=NOON)
        order.refresh_from_db()
        assert order.stage == Order.Stage.PACKED

        elsewhere(order, clerk, region_code=URUMQI)

        order.refresh_from_db()
        assert order.stage == Order.Stage.TO_PACK
        assert not Packing.objects.filter(order=order).exists()


def test_the_change_is_on_the_trail_without_the_whole_phone(clerk):
    order, _east, _west = two_houses()
    open_task(kind=OrderTask.Kind.ADDRESS_ERROR, reference=order.number, at=NOON, order=order)

    elsewhere(order, clerk)

    row = OrderHistory.objects.get(order=order, code="readdressed")
    assert (row.actor, row.note) == (clerk, "写错了")
    entry = AuditEntry.objects.get(verb="orders.change_address")
    assert entry.before["phone"] == "139****5678"
    assert entry.after["region_code"] == URUMQI
    assert not OrderTask.objects.open().exists()
    assert Message.objects.filter(template="orders.order_readdressed").count() == 1


def test_the_same_region_moves_no_stock(clerk):
    order, _east, _west = two_houses()
    before = list(Reservation.objects.values_list("pk", "released"))

    elsewhere(order, clerk, region_code=order.region_code)

    assert list(Reservation.objects.values_list("pk", "released")) == before
    assert Order.objects.get(pk=order.pk).receiver_name == "李四"


def test_nothing_changes_once_a_parcel_has_left(clerk):
    order, _east, _west = two_houses()
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON)

    with pytest.raises(IllegalMove):
        elsewhere(order, clerk)

    assert Order.objects.get(pk=order.pk).receiver_name == order.receiver_name


def test_one_that_was_sent_elsewhere_can_still_be_revived_by_late_money(clerk):
    sku = make_sku()
    make_stock(sku=sku, on_hand=5)
    make_stock(sku=sku, on_hand=5, warehouse=make_warehouse(code="west", served_prefixes=("65",)))
    order = make_order(sku=sku)
    payment = open_sandbox_payment(order)
    elsewhere(order, clerk)
    close_order(order_id=order.pk, reason=Order.CloseReason.TIMEOUT, at=NOON)

    late = Trade(
        payment.payment_no, TradeState.PAID, "T1", amount_fen=payment.amount_fen, paid_at=NOON
    )
    settle_trade("sandbox", late, NOON)

    assert Order.objects.get(pk=order.pk).status == "paid"
    assert [found for _row, found in audit() if found] == []


def test_C_71_goods_of_a_region_set_are_sent_to_no_other_region(clerk):
    order, east, _west = two_houses()
    order.lines.get().product.sold_in.set(RegionSet.objects.filter(code="east"))

    with pytest.raises(NotSoldThere) as refusal:
        elsewhere(order, clerk)

    assert refusal.value.facts["sku_ids"] == [east.sku_id]
    assert Order.objects.get(pk=order.pk).region_code == order.region_code
    assert not OrderHistory.objects.filter(code="readdressed").exists()


def test_C_71_a_name_is_corrected_where_the_goods_are_sold_no_more(clerk):
    order, _east, _west = two_houses()
    order.lines.get().product.sold_in.set(RegionSet.objects.filter(code="northwest"))

    elsewhere(order, clerk, region_code=order.region_code)

    assert Order.objects.get(pk=order.pk).receiver_name == "李四"


def test_an_unknown_region_is_refused(clerk):
    order, _east, _west = two_houses()

    with pytest.raises(InvalidInput) as refusal:
        elsewhere(order, clerk, region_code="65")

    assert refusal.value.facts["field"] == "region_code"
    assert not OrderHistory.objects.filter(code="readdressed").exists()


def test_what_no_house_has_for_the_new_place_stays_where_it_was(clerk, monkeypatch):
    order, east, _west = two_houses()

    def sold_out(**_values):
        raise OutOfStock(sku="x", available=0)

    monkeypatch.setattr("orders.services.readdressing.reallocate_order", sold_out)
    with pytest.raises(OutOfStock):
        elsewhere(order, clerk)

    east.refresh_from_db()
    assert east.reserved == 2
    assert Order.objects.get(pk=order.pk).region_code == order.region_code
