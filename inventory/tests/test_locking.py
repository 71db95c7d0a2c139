"""Pieces set aside for activities, lent to orders and given back (I-12, INV-05)."""

from datetime import timedelta

import pytest

from catalog.testing import make_sku
from inventory.errors import NotReserved, OutOfStock
from inventory.models import (
    AllocationLog,
    Reservation,
    RoutingPolicy,
    StockItem,
    StockMovement,
)
from inventory.selectors import available_pieces, holding_activities
from inventory.services import (
    consume_stock,
    lock_for_activity,
    release_stock,
    reserve_stock,
    take_from_activity,
    unlock_activity,
)
from inventory.testing import LONG_AGO, make_stock, make_warehouse
from mall.kernel.invariants import audit
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
AT = LONG_AGO + timedelta(days=1)
HANGZHOU = "330106002"


def lock(sku, pieces, activity="7"):
    lock_for_activity(activity_id=activity, wanted={sku.pk: pieces}, at=AT)


def take(sku, pieces=1, *, order="A1", activity="7", **values):
    take_from_activity(
        order_number=order,
        activity_id=activity,
        wanted={"1": (sku.pk, pieces)},
        at=AT,
        **{"region_code": HANGZHOU, **values},
    )


def laws_broken():
    stock = ("INV-01", "INV-03a", "INV-03b", "INV-03c", "INV-04", "INV-05a")
    return [law.code for law, found in audit() if found and law.code in stock]


def free_of(sku):
    return available_pieces([sku.pk])[sku.pk]


def test_I_12_locked_20_of_50_leaves_30_available():
    sku = make_sku()
    item = make_stock(sku=sku, on_hand=50)

    lock(sku, 20)

    item.refresh_from_db()
    assert (item.on_hand, item.reserved, free_of(sku)) == (50, 20, 30)
    assert holding_activities() == ["7"]
    assert laws_broken() == []


def test_too_little_stock_locks_nothing():
    plenty, scarce = make_sku(), make_sku()
    make_stock(sku=plenty, on_hand=50)
    make_stock(sku=scarce, on_hand=19)

    with pytest.raises(OutOfStock) as refusal:
        lock_for_activity(activity_id="7", wanted={plenty.pk: 20, scarce.pk: 20}, at=AT)

    assert refusal.value.facts == {"sku": scarce.code, "available": 19}
    assert (free_of(plenty), free_of(scarce)) == (50, 19)
    assert not Reservation.objects.exists()


def test_locking_again_replaces_what_is_still_held():
    sku = make_sku()
    make_stock(sku=sku, on_hand=50)
    lock(sku, 20)
    take(sku, 3)

    lock(sku, 40)

    assert free_of(sku) == 7
    assert sum(row.held for row in Reservation.objects.filter(source_type="activity")) == 40
    assert laws_broken() == []


def test_taken_pieces_stay_reserved_and_one_movement_tells_of_it():
    sku = make_sku()
    item = make_stock(sku=sku, on_hand=50)
    lock(sku, 20)

    take(sku, 2)

    item.refresh_from_db()
    assert item.reserved == 20
    moved = StockMovement.objects.latest("pk")
    assert (moved.kind, moved.delta_on_hand, moved.delta_reserved) == ("lend", 0, 0)
    assert (moved.source_type, moved.source_id, moved.reserved_after) == ("order", "A1", 20)
    assert laws_broken() == []


def test_more_than_the_activity_holds_is_refused_though_the_house_has_more():
    sku = make_sku()
    make_stock(sku=sku, on_hand=50)
    lock(sku, 2)

    with pytest.raises(OutOfStock) as refusal:
        take(sku, 3)

    assert refusal.value.facts["available"] == 2
    assert not Reservation.objects.filter(source_type="order").exists()


def test_pieces_come_from_the_warehouse_near_the_buyer():
    sku = make_sku()
    far = make_warehouse(priority=1)
    near = make_warehouse(priority=2, served_prefixes=("33",))
    make_stock(sku=sku, on_hand=5, warehouse=far)
    make_stock(sku=sku, on_hand=5, warehouse=near)
    lock(sku, 10)

    take(sku, 1)

    assert Reservation.objects.get(source_type="order").item.warehouse == near


def test_released_pieces_go_back_to_the_activity_the_others_become_free():
    sku, gift = make_sku(), make_sku()
    make_stock(sku=sku, on_hand=50)
    make_stock(sku=gift, on_hand=5)
    lock(sku, 20)
    take(sku, 2)
    reserve_stock(order_number="A1", wanted={"2": (gift.pk, 1)}, region_code=HANGZHOU, at=AT)

    assert release_stock(order_number="A1", at=AT) == 3
    assert release_stock(order_number="A1", at=AT) == 0

    assert (free_of(sku), free_of(gift)) == (30, 5)
    lender = Reservation.objects.get(source_type="activity")
    assert (lender.held, lender.lent) == (20, 0)
    kinds = list(StockMovement.objects.order_by("-pk").values_list("kind", flat=True)[:2])
    assert sorted(kinds) == ["give_back", "release"]
    assert laws_broken() == []


def test_a_part_goes_back_under_its_own_reference():
    sku = make_sku()
    make_stock(sku=sku, on_hand=50)
    lock(sku, 20)
    take(sku, 3)

    release_stock(order_number="A1", at=AT, pieces={"1": 1}, reference="R1")

    assert Reservation.objects.get(source_type="activity").lent == 2
    with pytest.raises(NotReserved):
        release_stock(order_number="A1", at=AT, pieces={"1": 3}, reference="R2")
    assert laws_broken() == []


def test_shipped_pieces_never_come_back():
    sku = make_sku()
    make_stock(sku=sku, on_hand=50)
    lock(sku, 20)
    take(sku, 2)

    consume_stock(order_number="A1", pieces={"1": 2}, shipment_number="S1", at=AT)
    unlock_activity(activity_id="7", at=AT)

    item = StockItem.objects.get(sku=sku)
    assert (item.on_hand, item.reserved) == (48, 0)
    assert laws_broken() == []


def test_the_end_frees_what_is_left_and_again_what_comes_back():
    sku = make_sku()
    make_stock(sku=sku, on_hand=50)
    lock(sku, 20)
    take(sku, 2)
    take(sku, 1, order="A2")

    assert unlock_activity(activity_id="7", at=AT) == 17
    release_stock(order_number="A1", at=AT)
    assert unlock_activity(activity_id="7", at=AT) == 2
    assert unlock_activity(activity_id="7", at=AT) == 0

    assert free_of(sku) == 49
    assert laws_broken() == []


def test_a_revived_order_takes_a_second_time():
    sku = make_sku()
    make_stock(sku=sku, on_hand=50)
    lock(sku, 20)
    take(sku)
    release_stock(order_number="A1", at=AT)

    take(sku, attempt=2)

    assert Reservation.objects.get(source_type="activity").lent == 1
    assert StockMovement.objects.filter(kind="lend", source_id="A1#2").exists()
    assert laws_broken() == []


def test_taking_asks_as_often_from_ten_warehouses_as_from_one():
    RoutingPolicy.objects.create(pk=1, max_parcels=3)
    sku = make_sku()
    for number in range(10):
        make_stock(sku=sku, on_hand=1 + 7 * (number == 9), warehouse=make_warehouse())
    other = make_sku()
    make_stock(sku=other, on_hand=10)
    lock(sku, 17)
    lock(other, 10, activity="8")

    with count_queries() as many:
        take(sku, 10)
    with count_queries() as few:
        take(other, 10, order="A2", activity="8")

    assert len(many) == len(few)
    assert Reservation.objects.filter(source_id="A1").count() == 3
    log = AllocationLog.objects.get(order_number="A1")
    assert (log.stock, log.parcels, log.region_code) == ("activity", 3, HANGZHOU)
    assert laws_broken() == []
