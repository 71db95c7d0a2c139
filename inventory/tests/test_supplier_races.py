"""Suppliers under contention, on real connections; each race with its control."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from catalog.testing import make_operator, make_sku
from inventory.errors import OverReceipt, StatementMoveRefused, SupplierNotOrderable
from inventory.models import PurchaseOrder, StockItem, SupplierCharge, SupplierStatement
from inventory.services import (
    Delivered,
    StockRow,
    approve_purchase,
    confirm_statement,
    draft_purchase,
    draw_statement,
    move_supplier,
    post_supplier_charge,
    receive_purchase,
    reserve_stock,
    send_purchase,
    sync_supplier_stock,
)
from inventory.testing import broken_books, make_goods, make_supplier, make_warehouse
from mall.kernel.testing.race import (
    all_read_before_any_writes,
    rival_before,
    stampede,
    without_locks,
)

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
IN_OCTOBER = datetime(2026, 10, 20, 4, tzinfo=UTC)
CHECKED = "inventory.services.purchasing.taking_in._checked"


def sent_order(pieces=10):
    sku, supplier, house = make_sku(), make_supplier(moq=1), make_warehouse()
    make_goods(supplier, sku)
    order = draft_purchase(
        supplier_id=supplier.pk, warehouse_id=house.pk, pieces={sku.pk: pieces}, at=AT
    )
    approve_purchase(order_id=order.pk, at=AT, actor=make_operator())
    send_purchase(order_id=order.pk, at=AT)
    return order


def receive_six(order, number):
    receive_purchase(
        order_id=order.pk,
        note_number=f"DN-{number}",
        delivered={order.lines.get().pk: Delivered(6)},
        at=AT,
    )


def test_of_two_receipts_of_six_of_ten_one_is_refused():
    order = sent_order()

    outcomes = stampede(2, lambda number: receive_six(order, number))

    assert len(outcomes.results) == 1
    assert outcomes.only(OverReceipt)
    item = StockItem.objects.get()
    assert (item.on_hand, item.in_transit) == (6, 4)
    assert order.lines.get().received == 6
    assert SupplierCharge.objects.count() == 1
    assert not broken_books()


def test_control_without_locks_both_receipts_read_ten_and_the_books_differ():
    order = sent_order()

    with without_locks(), all_read_before_any_writes(CHECKED, 2):
        outcomes = stampede(2, lambda number: receive_six(order, number))

    item = StockItem.objects.get()
    wrong = item.on_hand != order.lines.get().received
    assert wrong or any(isinstance(error, IntegrityError) for error in outcomes.errors)


def test_the_same_delivery_note_twice_at_once_counts_once():
    order = sent_order(pieces=20)

    outcomes = stampede(4, lambda _number: receive_six(order, 1))

    assert len(outcomes.results) == 4
    assert StockItem.objects.get().on_hand == 6
    assert SupplierCharge.objects.count() == 1


def test_a_supplier_suspended_at_this_instant_gets_no_order():
    sku, supplier, house = make_sku(), make_supplier(moq=1), make_warehouse()
    make_goods(supplier, sku)
    order = draft_purchase(
        supplier_id=supplier.pk, warehouse_id=house.pk, pieces={sku.pk: 5}, at=AT
    )

    with (
        rival_before(
            "inventory.services.purchasing.moving.orderable",
            lambda: move_supplier(supplier_id=supplier.pk, to="suspended", reason="x", at=AT),
        ),
        pytest.raises(SupplierNotOrderable),
    ):
        approve_purchase(order_id=order.pk, at=AT, actor=make_operator())

    order.refresh_from_db()
    assert order.status == PurchaseOrder.Status.DRAFT
    assert not StockItem.objects.exists()


def test_figures_that_fall_while_orders_come_never_fall_under_what_is_promised():
    sku, supplier = make_sku(), make_supplier(house=True)
    make_goods(supplier, sku, buffer=0)

    def sync(number, pieces):
        sync_supplier_stock(
            supplier=supplier,
            reference=f"m-{number}",
            rows=[StockRow(1, sku.code, pieces)],
            taken_at=AT,
            at=AT,
        )

    sync(0, 30)

    def contend(number):
        if number % 3 == 0:
            sync(number + 1, 20 - number)
        else:
            reserve_stock(
                order_number=f"A{number}",
                wanted={"0": (sku.pk, 2)},
                region_code="330106",
                at=AT,
            )

    stampede(12, contend)

    item = StockItem.objects.get()
    assert item.reserved <= item.on_hand
    assert not broken_books()


def test_an_amount_that_comes_while_a_statement_is_drawn_stands_on_one_statement_only():
    supplier = make_supplier()

    def charge(reference):
        post_supplier_charge(
            supplier_id=supplier.pk,
            kind=SupplierCharge.Kind.GOODS,
            reference=reference,
            amount_fen=1_000,
            at=IN_OCTOBER,
        )

    charge("0")

    def contend(number):
        if number % 2:
            return draw_statement(supplier_id=supplier.pk, month=OCTOBER, at=AT)
        return charge(str(number + 1))

    outcomes = stampede(8, contend)

    assert not outcomes.errors
    statement = draw_statement(supplier_id=supplier.pk, month=OCTOBER, at=AT)
    assert (statement.payable_fen, statement.lines.count()) == (5_000, 5)


def test_of_many_who_confirm_one_does():
    supplier = make_supplier()
    post_supplier_charge(
        supplier_id=supplier.pk, kind="goods", reference="1", amount_fen=1_000, at=IN_OCTOBER
    )
    statement = draw_statement(supplier_id=supplier.pk, month=OCTOBER, at=AT)

    outcomes = stampede(5, lambda _n: confirm_statement(statement_id=statement.pk, at=AT))

    assert len(outcomes.results) == 1
    assert outcomes.only(StatementMoveRefused)
    assert SupplierStatement.objects.get().status == SupplierStatement.Status.CONFIRMED
