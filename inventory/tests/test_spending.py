from datetime import UTC, datetime

import pytest

from catalog.models import ShelfMark
from catalog.testing import make_sku
from inventory.errors import NotReserved
from inventory.models import Reservation, StockItem, StockMovement
from inventory.services import consume_stock, release_stock, reserve_stock
from inventory.testing import make_stock, make_warehouse
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def reserved(*pieces, on_hand=10, order_number="A1"):
    """Stock of one SKU a line, reserved for one order under the keys "0", "1" .."""
    items = [make_stock(sku=make_sku(), on_hand=on_hand) for _n in pieces]
    wanted = {str(n): (item.sku_id, pieces[n]) for n, item in enumerate(items)}
    reserve_stock(order_number=order_number, wanted=wanted, region_code="33", at=AT)
    return items


def balance(item):
    return StockItem.objects.values_list("on_hand", "reserved").get(pk=item.pk)


def consume(pieces, shipment_number="S1"):
    consume_stock(order_number="A1", pieces=pieces, shipment_number=shipment_number, at=AT)


def test_shipping_takes_the_pieces_out_of_the_house():
    (item,) = reserved(3)

    consume({"0": 2})

    assert balance(item) == (8, 1)
    movement = StockMovement.objects.get(kind=StockMovement.Kind.SALE)
    assert (movement.delta_on_hand, movement.delta_reserved) == (-2, -2)
    assert (movement.source_type, movement.source_id) == ("shipment", "S1")
    row = Reservation.objects.get()
    assert (row.consumed, row.released, row.held) == (2, 0, 1)


@pytest.mark.parametrize("pieces", [{"0": 4}, {"9": 1}, {"0": 0}, {"0": -1}])
def test_no_more_than_what_is_held_can_be_shipped(pieces):
    (item,) = reserved(3)

    with pytest.raises(NotReserved):
        consume(pieces)

    assert balance(item) == (10, 3)
    assert Reservation.objects.get().held == 3


def test_a_split_line_is_shipped_from_all_its_warehouses():
    sku = make_sku()
    stocks = [make_stock(sku=sku, on_hand=2, warehouse=make_warehouse()) for _n in range(2)]
    reserve_stock(order_number="A1", wanted={"0": (sku.pk, 3)}, region_code="33", at=AT)

    consume({"0": 3})

    assert sum(balance(item)[0] for item in stocks) == 1
    assert sum(balance(item)[1] for item in stocks) == 0


def test_cancelling_frees_what_is_still_held_and_only_once():
    (item,) = reserved(3)
    consume({"0": 1})

    assert release_stock(order_number="A1", at=AT) == 2
    assert release_stock(order_number="A1", at=AT) == 0

    assert balance(item) == (9, 0)
    assert StockMovement.objects.filter(kind="release").count() == 1


def test_an_unknown_order_frees_nothing():
    assert release_stock(order_number="nobody", at=AT) == 0


def test_a_part_is_freed_under_its_own_reference():
    one, two = reserved(3, 2)

    freed = release_stock(order_number="A1", pieces={"0": 1}, reference="R1", at=AT)
    rest = release_stock(order_number="A1", at=AT)

    assert (freed, rest) == (1, 4)
    assert balance(one) == balance(two) == (10, 0)
    ids = StockMovement.objects.filter(kind="release", item=one).values_list("source_id", flat=True)
    assert sorted(ids) == ["A1", "A1/R1"]


def test_a_part_without_a_reference_is_a_mistake_of_the_caller():
    reserved(3)

    with pytest.raises(ValueError, match="reference"):
        release_stock(order_number="A1", pieces={"0": 1}, at=AT)


def test_freeing_a_sold_out_sku_marks_the_shelf():
    (item,) = reserved(10)
    ShelfMark.objects.all().delete()

    release_stock(order_number="A1", at=AT)

    assert ShelfMark.objects.get().product_id == item.sku.product_id


def test_shipping_does_not_touch_the_shelf():
    reserved(10)
    ShelfMark.objects.all().delete()

    consume({"0": 10})

    assert not ShelfMark.objects.exists()


def test_a_revived_order_is_freed_a_second_time():
    (item,) = reserved(3)
    release_stock(order_number="A1", at=AT)
    wanted = {"0": (item.sku_id, 3)}
    reserve_stock(order_number="A1", wanted=wanted, region_code="33", at=AT, attempt=2)

    assert release_stock(order_number="A1", at=AT) == 3

    assert balance(item) == (10, 0)
    ids = StockMovement.objects.filter(kind="release").values_list("source_id", flat=True)
    assert sorted(ids) == ["A1", "A1#2"]


@pytest.mark.parametrize("lines", [1, 20])
def test_statements_do_not_grow_with_the_lines(lines):
    reserved(*[4] * lines)

    with count_queries() as shipping:
        consume({str(n): 1 for n in range(lines)})
    with count_queries() as freeing:
        release_stock(order_number="A1", at=AT)

    assert (len(shipping), len(freeing)) == (6, 6)
