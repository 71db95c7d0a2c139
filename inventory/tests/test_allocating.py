"""Which warehouse an order got, and what the log says of it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import DatabaseError, transaction

from catalog.testing import make_sku
from inventory.errors import OutOfStock, TooManyParcels
from inventory.models import (
    AllocationLog,
    NextDayCity,
    Reservation,
    RoutingPolicy,
    StockItem,
    Supplier,
    Warehouse,
)
from inventory.selectors import available_pieces, coverage, last_attempt, outlook, promised
from inventory.services import (
    consume_stock,
    lock_for_activity,
    reallocate_order,
    release_stock,
    reserve_stock,
    take_from_activity,
)
from inventory.testing import make_stock, make_warehouse
from mall.kernel.invariants import audit
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 2, tzinfo=UTC)
"""10 o'clock in Shanghai."""
SHANGHAI, HANGZHOU, BEIJING = "310115001", "330106001", "110105001"


@pytest.fixture
def east():
    return make_warehouse(code="east", region_code="310115", served_prefixes=("31", "32", "33"))


@pytest.fixture
def north():
    return make_warehouse(code="north", region_code="110105", served_prefixes=("11", "12", "13"))


def reserve(wanted, region_code=SHANGHAI, *, order="A1", at=AT, **more):
    reserve_stock(order_number=order, wanted=wanted, region_code=region_code, at=at, **more)


def homes(order="A1", attempt=1):
    rows = Reservation.objects.filter(source_id=order, attempt=attempt)
    return sorted(rows.values_list("line_key", "item__warehouse__code", "quantity"))


def test_O_29_shanghai_goes_to_the_east_house_and_when_it_is_empty_to_the_next(east, north):
    sku = make_sku()
    make_stock(sku=sku, on_hand=1, warehouse=east)
    make_stock(sku=sku, on_hand=5, warehouse=north)

    reserve({"1": (sku.pk, 1)})
    reserve({"1": (sku.pk, 1)}, order="A2")

    assert homes("A1") == [("1", "east", 1)]
    assert homes("A2") == [("1", "north", 1)]


def test_I_16_the_log_says_why(east, north):
    sku = make_sku()
    make_stock(sku=sku, on_hand=0, warehouse=east)
    make_stock(sku=sku, on_hand=5, warehouse=north)

    reserve({"1": (sku.pk, 2)})

    log = AllocationLog.objects.get(order_number="A1")
    assert (log.warehouse, log.parcels, log.region_code, log.stock) == (north, 1, SHANGHAI, "free")
    assert [(house["code"], house["match"]) for house in log.facts["houses"]] == [
        ("east", 2),
        ("north", 0),
    ]
    assert log.facts["lines"] == [
        {
            "line": "1",
            "house": north.pk,
            "pieces": 2,
            "reason": "fallback",
            "passed": [[east.pk, 0]],
        }
    ]
    assert log.facts["policy"]["max_parcels"] == 3


def test_the_log_is_append_only(east):
    item = make_stock(sku=make_sku(), warehouse=east)
    reserve({"1": (item.sku_id, 1)})

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AllocationLog.objects.update(parcels=2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AllocationLog.objects.all().delete()


def test_I_16_an_order_that_needs_too_many_parcels_is_refused_and_nothing_changes(east, north):
    RoutingPolicy.objects.create(pk=1, max_parcels=1)
    here = make_stock(sku=make_sku(), on_hand=5, warehouse=east)
    there = make_stock(sku=make_sku(), on_hand=5, warehouse=north)

    with pytest.raises(TooManyParcels) as refusal:
        reserve({"1": (here.sku_id, 1), "2": (there.sku_id, 1)})

    assert refusal.value.facts == {"parcels": 2, "limit": 1}
    assert not Reservation.objects.exists()
    assert not AllocationLog.objects.exists()


def test_what_lies_in_a_store_is_not_sold_online_but_may_be_collected_there(east):
    store = make_warehouse(code="store", kind=Warehouse.Kind.STORE)
    sku = make_sku()
    make_stock(sku=sku, on_hand=5, warehouse=store)

    with pytest.raises(OutOfStock):
        reserve({"1": (sku.pk, 1)})
    reserve({"1": (sku.pk, 2)}, warehouse_id=store.pk)

    assert available_pieces([sku.pk]) == {sku.pk: 0}
    assert homes() == [("1", "store", 2)]
    assert not AllocationLog.objects.exists()


def test_a_suppliers_house_is_asked_after_ours(east):
    maker = Supplier.objects.create(code="maker", title_zh="厂家")
    theirs = make_warehouse(
        code="maker", kind=Warehouse.Kind.SUPPLIER, served_prefixes=("3101",), supplier=maker
    )
    sku = make_sku()
    make_stock(sku=sku, on_hand=9, warehouse=theirs)
    make_stock(sku=sku, on_hand=1, warehouse=east)

    reserve({"1": (sku.pk, 1)})
    reserve({"1": (sku.pk, 1)}, order="A2")

    assert (homes("A1"), homes("A2")) == ([("1", "east", 1)], [("1", "maker", 1)])


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2026, 6, 1, 3, 59, tzinfo=UTC), "same_day"),
        (datetime(2026, 6, 1, 4, 1, tzinfo=UTC), "next_day"),
    ],
)
def test_I_17_the_promise_is_frozen_with_the_order(east, at, code):
    item = make_stock(sku=make_sku(), warehouse=east)

    reserve({"1": (item.sku_id, 1)}, at=at)
    Warehouse.objects.update(cut_off=time(0, 1))

    assert promised(["A1"])["A1"].code == code


def test_I_18_a_pair_of_warehouse_and_city_promises_the_next_day(east):
    NextDayCity.objects.create(warehouse=east, city_code="3301")
    item = make_stock(sku=make_sku(), warehouse=east)

    reserve({"1": (item.sku_id, 1)}, HANGZHOU)
    reserve({"1": (item.sku_id, 1)}, "320106001", order="A2")

    assert promised(["A1"])["A1"].code == "next_day"
    other = promised(["A2"])["A2"]
    assert (other.code, other.due) == ("within_hours", AT + timedelta(hours=72))


def test_an_outlook_promises_what_the_order_will_be_promised(east, north):
    sku = make_sku()
    make_stock(sku=sku, on_hand=2, warehouse=east)
    make_stock(sku=sku, on_hand=5, warehouse=north)

    with count_queries(at_most=1):
        seen = outlook([sku.pk, 0], SHANGHAI)
        near, far = seen.promise([(sku.pk, 2)], AT), seen.promise([(sku.pk, 3)], AT)
        none = seen.promise([(sku.pk, 8)], AT)
        free = seen.available

    reserve({"1": (sku.pk, 2)})
    assert (near.code, far.code, none) == ("same_day", "within_hours", None)
    assert promised(["A1"])["A1"] == near
    assert free == {sku.pk: 7, 0: 0}


def test_without_a_region_nothing_is_promised(east):
    item = make_stock(sku=make_sku(), warehouse=east)

    assert outlook([item.sku_id], "").promise([(item.sku_id, 1)], AT) is None


def test_I_15_each_province_has_its_warehouses_in_order(east, north):
    make_warehouse(code="store", kind=Warehouse.Kind.STORE, served_prefixes=("31",))

    with count_queries(at_most=2):
        rows = {row.region.code: row for row in coverage()}

    assert len(rows) >= 31
    assert [house.code for house in rows["31"].serving] == ["east"]
    assert [house.code for house in rows["31"].others] == ["north"]
    assert [house.code for house in rows["11"].serving] == ["north"]
    assert [house.code for house in rows["65"].others] == ["north", "east"]


def test_an_order_that_goes_elsewhere_is_reserved_anew(east, north):
    sku = make_sku()
    make_stock(sku=sku, on_hand=5, warehouse=east)
    make_stock(sku=sku, on_hand=5, warehouse=north)
    reserve({"1": (sku.pk, 3)})

    pieces = reallocate_order(order_number="A1", region_code=BEIJING, at=AT)

    assert pieces == 3
    assert homes(attempt=2) == [("1", "north", 3)]
    assert sorted(StockItem.objects.values_list("warehouse__code", "reserved")) == [
        ("east", 0),
        ("north", 3),
    ]
    assert promised(["A1"])["A1"].code == "same_day"
    assert last_attempt("A1") == 2
    assert release_stock(order_number="A1", at=AT) == 3
    assert laws_broken() == []


def test_only_what_is_not_shipped_goes_elsewhere(east, north):
    sku = make_sku()
    make_stock(sku=sku, on_hand=5, warehouse=east)
    make_stock(sku=sku, on_hand=5, warehouse=north)
    reserve({"1": (sku.pk, 3)})
    consume_stock(order_number="A1", pieces={"1": 1}, shipment_number="S1", at=AT)

    assert reallocate_order(order_number="A1", region_code=BEIJING, at=AT) == 2

    assert homes(attempt=2) == [("1", "north", 2)]
    assert laws_broken() == []


def test_pieces_of_an_activity_stay_its_own_when_the_order_goes_elsewhere(east, north):
    sku = make_sku()
    make_stock(sku=sku, on_hand=5, warehouse=east)
    lock_for_activity(activity_id="7", wanted={sku.pk: 3}, at=AT)
    wanted = {"1": (sku.pk, 1)}
    take_from_activity(
        order_number="A1", activity_id="7", wanted=wanted, region_code=SHANGHAI, at=AT
    )

    assert reallocate_order(order_number="A1", region_code=BEIJING, at=AT) == 1

    row = Reservation.objects.open().get(source_id="A1")
    assert (row.attempt, row.lender.source_id, row.held) == (2, "7", 1)
    assert laws_broken() == []


def test_an_order_that_cannot_be_sent_there_keeps_what_it_has(east, north):
    RoutingPolicy.objects.create(pk=1, max_parcels=1)
    sku = make_sku()
    make_stock(sku=sku, on_hand=3, warehouse=east)
    reserve({"1": (sku.pk, 3)})
    Warehouse.objects.filter(pk=east.pk).update(is_active=False)

    with pytest.raises(OutOfStock), transaction.atomic():
        reallocate_order(order_number="A1", region_code=BEIJING, at=AT)

    assert homes() == [("1", "east", 3)]
    assert Reservation.objects.get().held == 3
    assert reallocate_order(order_number="B9", region_code=BEIJING, at=AT) == 0


def test_reallocating_costs_the_same_for_twenty_lines(east):
    items = [make_stock(sku=make_sku(), on_hand=99, warehouse=east) for _n in range(20)]
    reserve({"1": (items[0].sku_id, 1)})
    reserve({str(n): (item.sku_id, 1) for n, item in enumerate(items)}, order="A2")

    with count_queries() as one:
        reallocate_order(order_number="A1", region_code=BEIJING, at=AT)
    with count_queries() as twenty:
        reallocate_order(order_number="A2", region_code=BEIJING, at=AT)

    assert len(one) == len(twenty) == 14


def laws_broken():
    stock = ("INV-01", "INV-03a", "INV-03b", "INV-03c", "INV-04", "INV-05a")
    return [law.code for law, found in audit() if found and law.code in stock]
