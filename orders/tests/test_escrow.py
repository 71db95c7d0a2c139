"""Money in trust: held when paid, settled when the order is over, given back before (O-41)."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from catalog.testing import make_sku
from inventory.models import Supplier, Warehouse
from inventory.testing import make_stock
from mall.kernel import ledger
from mall.kernel.invariants import audit
from orders.models import Order, Refund
from orders.services import (
    cancel_order,
    close_unpaid,
    complete_due,
    escrowing,
    receiving,
    retry_refunds,
    settle_closed,
)
from orders.services.refunding import open_refund
from orders.testing import NOON, make_order, make_presale, make_received_order, offered, pay

pytestmark = pytest.mark.django_db
WINDOW_OVER = NOON + timedelta(days=8)


def books(*codes):
    return tuple(ledger.balance_of(code) for code in codes)


def broken():
    return [violation.rows for _law, violation in audit() if violation]


def test_O_41_paid_money_is_held_and_settled_after_completion_with_no_difference():
    order = make_received_order()
    held = books("provider:sandbox", "escrow", "sales")

    assert complete_due(WINDOW_OVER) == 1

    order.refresh_from_db()
    paid = order.paid_fen
    assert held == (paid, -paid, 0)
    assert books("provider:sandbox", "escrow", "sales") == (paid, 0, -paid)
    assert (order.settled_fen, order.settled_at) == (paid, WINDOW_OVER)
    assert sum(books("provider:sandbox", "escrow", "sales")) == 0
    assert broken() == []


def test_O_41_a_refund_before_completion_comes_out_of_the_escrow():
    order = make_order(paid=True)

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)
    assert books("escrow") == (-order.paid_fen,)
    retry_refunds(NOON)

    assert books("provider:sandbox", "escrow", "sales") == (0, 0, 0)
    assert settle_closed(NOON) == 1
    assert broken() == []


def test_a_refund_on_its_way_is_not_settled_and_one_after_the_end_comes_out_of_what_was_earned():
    order = make_received_order()
    payment = order.payments.get()
    open_refund(payment, amount_fen=1_000, reason="after_sale", at=NOON)
    Order.objects.filter(pk=order.pk).update(refunded_fen=1_500)

    complete_due(WINDOW_OVER)
    order.refresh_from_db()
    assert order.settled_fen == order.paid_fen - 1_000
    assert books("escrow") == (-1_000,)

    open_refund(payment, amount_fen=500, reason="after_sale", at=WINDOW_OVER + timedelta(days=1))
    retry_refunds(WINDOW_OVER + timedelta(days=1))
    assert Refund.objects.filter(status="succeeded").count() == 2
    assert books("escrow", "sales") == (0, -(order.paid_fen - 1_500))
    assert broken() == []


def test_a_deposit_that_the_shop_keeps_is_earned_when_the_order_is_closed():
    item = make_presale().items.get()
    order = make_order(wanted=(offered(item),))
    pay(order)
    late = NOON + timedelta(days=6)
    close_unpaid(late)
    order.refresh_from_db()
    assert (order.status, books("escrow")) == ("closed", (-2_000,))

    assert settle_closed(late) == 1
    assert settle_closed(late) == 0

    assert books("escrow", "sales") == (0, -2_000)
    assert broken() == []


def test_O_41_what_a_supplier_shipped_is_earned_and_owed_by_its_statement_alone():
    """Its life from sale to payment: tests/test_supplier_money.py."""
    supplier = Supplier.objects.create(code="oats", title_zh="燕麦厂")
    theirs = Warehouse.objects.create(
        code="oats", title_zh="燕麦厂", kind=Warehouse.Kind.SUPPLIER, supplier=supplier
    )
    sku = make_sku(price_fen=10_000)
    make_stock(sku=sku, on_hand=5, warehouse=theirs, cost_fen=6_000)
    order = make_received_order(sku=sku)

    complete_due(WINDOW_OVER)

    order.refresh_from_db()
    assert books("escrow", "supplier:oats") == (0, 0)
    assert books("sales") == (-order.settled_fen,)


def test_a_hand_made_posting_is_named_by_the_judge():
    order = make_order(paid=True)
    ledger.post(kind="fiddle", reference="x", amounts_fen={"escrow": 100, "sales": -100}, at=NOON)
    Order.objects.filter(pk=order.pk).update(settled_fen=1)

    found = {violation.invariant.code: violation.rows for _law, violation in audit() if violation}

    assert found == {"INV-14e": (f"order {order.number}",), "INV-14f": ("escrow",)}


def test_the_opening_moves_what_was_booked_as_sales_before_there_was_an_escrow(monkeypatch):
    monkeypatch.setattr(escrowing, "ESCROW", "sales")
    monkeypatch.setattr(receiving, "settle", lambda _order, at: 0)
    done, waiting, cancelled = make_received_order(), make_order(paid=True), make_order(paid=True)
    complete_due(WINDOW_OVER)
    cancel_order(number=cancelled.number, member_id=cancelled.member_id, reason="", at=NOON)
    Order.objects.update(settled_at=None, settled_fen=0)
    before = sum(books("sales", "escrow"))
    migration = import_module("orders.migrations.0019_escrow_opening")

    with connection.cursor() as cursor:
        cursor.execute(migration.SETTLED)
        cursor.execute(migration.POSTED)

    done.refresh_from_db()
    assert done.settled_fen == done.paid_fen
    assert books("escrow") == (-(waiting.paid_fen + cancelled.paid_fen),)
    assert sum(books("sales", "escrow")) == before
    monkeypatch.undo()
    retry_refunds(NOON)
    assert books("escrow") == (-waiting.paid_fen,)
    assert broken() == []
    with connection.cursor() as cursor:
        cursor.execute(migration.UNPOSTED)
        cursor.execute(migration.UNSETTLED)
    assert books("escrow", "sales") == (0, -(done.paid_fen + waiting.paid_fen))
