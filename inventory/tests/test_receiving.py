from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from catalog.models import ShelfMark
from catalog.testing import make_sku
from inventory.errors import CountBelowReserved
from inventory.models import StockItem, StockMovement
from inventory.services import (
    count_stock,
    receive_delivery,
    receive_stock,
    reserve_stock,
    set_safety_stock,
    write_off_stock,
)
from inventory.testing import make_stock, make_warehouse
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import Conflict
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def operator():
    return get_user_model().objects.create(username="stock-keeper", is_staff=True)


def receive(sku, warehouse, quantity=5, source_id="P1", **kwargs):
    return receive_stock(
        sku=sku,
        warehouse=warehouse,
        quantity=quantity,
        source_type="purchase",
        source_id=source_id,
        at=AT,
        **kwargs,
    )


def test_a_first_receipt_makes_the_stock_row(operator):
    sku, warehouse = make_sku(), make_warehouse()
    ShelfMark.objects.all().delete()

    item = receive(sku, warehouse, actor=operator, note="first")

    assert (item.on_hand, item.reserved) == (5, 0)
    movement = StockMovement.objects.get()
    assert (movement.kind, movement.delta_on_hand, movement.actor) == ("receipt", 5, operator)
    entry = AuditEntry.objects.get(verb="inventory.receive")
    assert (entry.before, entry.after) == (
        {"on_hand": {str(sku.pk): 0}},
        {"on_hand": {str(sku.pk): 5}},
    )
    assert ShelfMark.objects.get().product_id == sku.product_id


def test_the_same_delivery_is_booked_once():
    sku, warehouse = make_sku(), make_warehouse()

    receive(sku, warehouse)
    receive(sku, warehouse)

    assert StockItem.objects.get().on_hand == 5
    assert StockMovement.objects.count() == 1


def test_a_delivery_costs_the_same_for_two_skus_and_for_fifty():
    warehouse = make_warehouse()
    skus = [make_sku() for _n in range(52)]
    counts = []
    for number, part in enumerate((skus[:2], skus[2:])):
        with count_queries() as statements:
            receive_delivery(
                warehouse=warehouse,
                pieces={sku.pk: 3 for sku in part},
                source_type="purchase",
                source_id=f"P{number}",
                at=AT,
            )
        counts.append(len(statements))

    assert counts == [9, 9]
    assert StockItem.objects.filter(on_hand=3).count() == 52


@pytest.mark.parametrize("quantity", [0, -3])
def test_only_positive_pieces_come_in(quantity):
    with pytest.raises(ValueError, match="positive"):
        receive(make_sku(), make_warehouse(), quantity=quantity)

    assert not StockItem.objects.exists()


def test_counting_books_the_difference(operator):
    item = make_stock(sku=make_sku(), on_hand=10)

    count_stock(item_id=item.pk, counted=7, seen_on_hand=10, actor=operator, note="torn", at=AT)

    item.refresh_from_db()
    assert item.on_hand == 7
    movement = StockMovement.objects.get(kind="count")
    assert (movement.delta_on_hand, movement.on_hand_after, movement.note) == (-3, 7, "torn")
    entry = AuditEntry.objects.get(verb="inventory.count")
    assert (entry.actor, entry.before, entry.after) == (operator, {"on_hand": 10}, {"on_hand": 7})


def test_a_right_count_is_written_down_too():
    item = make_stock(sku=make_sku(), on_hand=10)

    count_stock(item_id=item.pk, counted=10, at=AT)

    assert StockMovement.objects.get(kind="count").delta_on_hand == 0


def test_stock_that_moved_meanwhile_is_counted_again():
    item = make_stock(sku=make_sku(), on_hand=10)

    with pytest.raises(Conflict):
        count_stock(item_id=item.pk, counted=7, seen_on_hand=11, at=AT)

    item.refresh_from_db()
    assert item.on_hand == 10


def test_promised_pieces_are_neither_counted_away_nor_written_off():
    item = make_stock(sku=make_sku(), on_hand=10)
    reserve_stock(order_number="A1", wanted={"0": (item.sku_id, 4)}, region_code="33", at=AT)

    with pytest.raises(CountBelowReserved):
        count_stock(item_id=item.pk, counted=3, at=AT)
    with pytest.raises(CountBelowReserved):
        write_off(item, 7)

    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (10, 4)


def write_off(item, quantity):
    return write_off_stock(
        item_id=item.pk, quantity=quantity, source_type="import", source_id="x", at=AT
    )


def test_writing_off_the_last_piece_marks_the_shelf():
    item = make_stock(sku=make_sku(), on_hand=2)
    ShelfMark.objects.all().delete()

    write_off(item, 2)

    assert StockItem.objects.get().on_hand == 0
    assert ShelfMark.objects.count() == 1


def test_the_safety_stock_is_set_with_an_audit_row(operator):
    item = make_stock(sku=make_sku(), on_hand=2)

    set_safety_stock(item_id=item.pk, safety_stock=5, actor=operator, at=AT + timedelta(days=1))

    item.refresh_from_db()
    assert item.safety_stock == 5
    entry = AuditEntry.objects.get(verb="inventory.set_safety_stock")
    assert (entry.before, entry.after) == ({"safety_stock": 0}, {"safety_stock": 5})
