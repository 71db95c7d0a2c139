from datetime import UTC, datetime

import pytest

from catalog.models import ShelfMark
from catalog.testing import make_sku
from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem, StockMovement
from inventory.services import reserve_stock
from inventory.testing import make_stock, make_warehouse
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def reserve(wanted, *, order_number="A1", region_code="330106001", attempt=1):
    reserve_stock(
        order_number=order_number, wanted=wanted, region_code=region_code, at=AT, attempt=attempt
    )


def balances():
    return list(StockItem.objects.order_by("pk").values_list("on_hand", "reserved"))


def test_reserving_promises_the_pieces_and_writes_one_movement():
    item = make_stock(sku=make_sku(), on_hand=5)

    reserve({"1": (item.sku_id, 2)})

    item.refresh_from_db()
    assert (item.on_hand, item.reserved, item.available) == (5, 2, 3)
    movement = StockMovement.objects.get(kind=StockMovement.Kind.RESERVE)
    assert (movement.delta_on_hand, movement.delta_reserved) == (0, 2)
    assert (movement.on_hand_after, movement.reserved_after) == (5, 2)
    assert (movement.source_type, movement.source_id) == ("order", "A1")
    assert Reservation.objects.get().held == 2
    event = OutboxEvent.objects.get(name="inventory.stock_reserved")
    assert event.payload["pieces"] == [[item.sku_id, 2]]


def test_too_little_stock_names_the_sku_and_what_is_left_and_changes_nothing():
    plenty = make_stock(sku=make_sku(), on_hand=50)
    scarce = make_stock(sku=make_sku(), on_hand=1)

    with pytest.raises(OutOfStock) as refusal:
        reserve({"1": (plenty.sku_id, 2), "2": (scarce.sku_id, 2)})

    assert refusal.value.facts == {"sku": scarce.sku.code, "available": 1}
    assert balances() == [(50, 0), (1, 0)]
    assert not Reservation.objects.exists()
    assert not OutboxEvent.objects.filter(name="inventory.stock_reserved").exists()


def test_a_sku_without_any_stock_row_is_out_of_stock():
    sku = make_sku()

    with pytest.raises(OutOfStock) as refusal:
        reserve({"1": (sku.pk, 1)})

    assert refusal.value.facts == {"sku": sku.code, "available": 0}


def test_the_warehouse_that_serves_the_region_ships_first():
    sku = make_sku()
    far = make_stock(sku=sku, on_hand=9, warehouse=make_warehouse(priority=1))
    near = make_stock(
        sku=sku, on_hand=9, warehouse=make_warehouse(priority=99, served_prefixes=("33",))
    )

    reserve({"1": (sku.pk, 2)})

    assert set(Reservation.objects.values_list("item_id", "quantity")) == {(near.pk, 2)}
    assert far.pk not in StockMovement.objects.filter(kind="reserve").values_list("item", flat=True)


def test_a_line_may_be_split_over_warehouses():
    sku = make_sku()
    first = make_stock(sku=sku, on_hand=2, warehouse=make_warehouse(priority=1))
    second = make_stock(sku=sku, on_hand=2, warehouse=make_warehouse(priority=2))

    reserve({"1": (sku.pk, 3)})

    held = Reservation.objects.values_list("item_id", "line_key", "quantity")
    assert set(held) == {(first.pk, "1", 2), (second.pk, "1", 1)}


def test_a_warehouse_out_of_use_ships_nothing():
    sku = make_sku()
    make_stock(sku=sku, on_hand=9, warehouse=make_warehouse(is_active=False))

    with pytest.raises(OutOfStock):
        reserve({"1": (sku.pk, 1)})


def test_lines_of_one_sku_are_one_movement_and_two_reservations():
    item = make_stock(sku=make_sku(), on_hand=5)

    reserve({"1": (item.sku_id, 2), "2": (item.sku_id, 1)})

    assert StockMovement.objects.get(kind="reserve").delta_reserved == 3
    assert sorted(Reservation.objects.values_list("line_key", "quantity")) == [("1", 2), ("2", 1)]


def test_selling_the_last_piece_marks_the_shelf_and_nothing_else_does():
    item = make_stock(sku=make_sku(), on_hand=3)
    ShelfMark.objects.all().delete()

    reserve({"1": (item.sku_id, 2)})
    assert not ShelfMark.objects.exists()

    reserve({"1": (item.sku_id, 1)}, order_number="A2")
    assert ShelfMark.objects.get().product_id == item.sku.product_id


def test_a_second_attempt_of_the_same_order_reserves_again():
    item = make_stock(sku=make_sku(), on_hand=5)

    reserve({"1": (item.sku_id, 2)})
    reserve({"1": (item.sku_id, 2)}, attempt=2)

    ids = StockMovement.objects.filter(kind="reserve").values_list("source_id", flat=True)
    assert sorted(ids) == ["A1", "A1#2"]


@pytest.mark.parametrize("pieces", [0, -1])
def test_only_positive_pieces_can_be_reserved(pieces):
    item = make_stock(sku=make_sku(), on_hand=5)

    with pytest.raises(ValueError, match="positive"):
        reserve({"1": (item.sku_id, pieces)})

    assert balances() == [(5, 0)]


def test_twenty_lines_cost_as_many_statements_as_one():
    items = [make_stock(sku=make_sku(), on_hand=99) for _n in range(20)]

    with count_queries(at_most=6) as one:
        reserve({"1": (items[0].sku_id, 1)})
    with count_queries(at_most=6) as twenty:
        reserve({str(n): (item.sku_id, 2) for n, item in enumerate(items)}, order_number="A2")

    assert len(one) == len(twenty) == 6


def test_stock_rows_are_locked_in_pk_order():
    item = make_stock(sku=make_sku(), on_hand=9)

    with count_queries() as statements:
        reserve({"1": (item.sku_id, 1)})

    lock = statements.sql[0]
    assert 'ORDER BY "inventory_stockitem"."id" ASC' in lock
    assert 'FOR NO KEY UPDATE OF "inventory_stockitem"' in lock
