"""What a drop-shipped sale comes to, from its payment to the supplier's: owed once (O-41, I-42)."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection

from catalog.models import Sku
from inventory.models import SupplierCharge
from inventory.services import confirm_statement, draw_statement, pay_statement
from inventory.testing import make_supplier
from mall.kernel import ledger
from mall.kernel.balances import compare
from mall.kernel.outbox import relay_batch
from orders.models import SubOrder
from orders.services import (
    Report,
    complete_due,
    receive_order,
    report_sub_order,
    ship_order,
)
from orders.testing import NOON, make_order
from orders.tests.partners import dropped, lawful

pytestmark = pytest.mark.django_db
AGREED_FEN, OUR_COST_FEN = 3_000, 4_100
WINDOW_OVER = NOON + timedelta(days=8)
Kind = SupplierCharge.Kind


@pytest.fixture
def supplier():
    return make_supplier(house=True)


def sold(supplier, *, quantity=2):
    """Paid, and known to the supplier; our own idea of its cost is another than the agreement's."""
    sku = dropped(supplier)
    Sku.objects.filter(pk=sku.pk).update(cost_fen=OUR_COST_FEN)
    order = make_order(sku=sku, quantity=quantity, paid=True)
    relay_batch(NOON)
    return order


def sent(order):
    sub = SubOrder.objects.get(order=order)
    report_sub_order(
        number=sub.number,
        warehouse_id=sub.warehouse_id,
        report=Report("shipped", carrier="sf", tracking_no=f"SF{order.pk:010}"),
        at=NOON,
    )


def ended(order):
    receive_order(number=order.number, at=NOON)
    complete_due(WINDOW_OVER)
    order.refresh_from_db()


def statement_of(supplier):
    month = date(NOON.year, NOON.month, 1)
    later = datetime(NOON.year + 1, 1, 2, tzinfo=UTC)
    drawn = draw_statement(supplier_id=supplier.pk, month=month, at=later)
    assert drawn is not None
    return drawn, later


def owed(supplier):
    return -ledger.balance_of(f"supplier:{supplier.code}")


def differing():
    return [one.balance.code for one in compare() if one.differing]


def test_I_42_a_drop_shipped_sale_is_owed_once_paid_once_and_leaves_nothing(supplier):
    order = sold(supplier)
    sent(order)
    ended(order)

    assert owed(supplier) == 0
    assert (ledger.balance_of("escrow"), ledger.balance_of("sales")) == (0, -order.paid_fen)
    statement, later = statement_of(supplier)
    assert statement.payable_fen == 2 * AGREED_FEN
    confirm_statement(statement_id=statement.pk, at=later)
    assert owed(supplier) == 2 * AGREED_FEN
    assert differing() == []
    pay_statement(statement_id=statement.pk, bank_reference="B1", at=later)

    assert owed(supplier) == 0
    assert ledger.balance_of("bank") == -2 * AGREED_FEN
    assert ledger.balance_of("sales") == -order.paid_fen
    assert differing() == []
    lawful()


def test_what_a_person_sends_from_a_suppliers_house_is_owed_without_a_sub_order(supplier):
    order = sold(supplier)
    SubOrder.objects.all().delete()

    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON)

    sub = SubOrder.objects.get()
    assert (sub.state, [row.quantity for row in sub.lines.all()]) == ("shipped", [2])
    assert SupplierCharge.objects.get().amount_fen == 2 * AGREED_FEN
    lawful()


def test_of_a_part_that_a_person_sends_the_part_is_owed_and_the_rest_when_it_goes(supplier):
    order = sold(supplier, quantity=3)
    line = order.lines.get()

    ship_order(
        order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON, pieces={line.pk: 1}
    )
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF2", at=NOON)

    amounts = SupplierCharge.objects.order_by("pk").values_list("kind", "amount_fen")
    assert list(amounts) == [(Kind.DROPSHIP, AGREED_FEN), (Kind.DROPSHIP, 2 * AGREED_FEN)]
    lawful()


@pytest.mark.parametrize("code", ["nb", "gone"])
def test_an_account_beside_the_statements_is_a_difference(code):
    make_supplier(code="nb")
    ledger.post(kind="x", reference="1", amounts_fen={f"supplier:{code}": -5, "sales": 5}, at=NOON)

    (found,) = [one for one in compare() if one.differing]

    assert found.balance.code == "book.supplier"
    assert [str(row) for row in found.first] == [f"supplier:{code}: 5 <> 0"]


def test_what_completion_had_owed_before_is_taken_back_once_an_order(supplier):
    account = f"supplier:{supplier.code}"
    for number, cost_fen in (("O1", 700), ("O2", 1_000)):
        shares = {"escrow": 1_000, account: -cost_fen, "sales": cost_fen - 1_000}
        ledger.post(kind="settlement", reference=number, amounts_fen=shares, at=NOON)
    taken_back = import_module("inventory.migrations.0020_owed_once").TAKEN_BACK

    with connection.cursor() as cursor:
        cursor.execute(taken_back)
        cursor.execute(taken_back)

    assert (owed(supplier), ledger.balance_of("sales")) == (0, -2_000)
    assert "book.supplier" not in differing()
