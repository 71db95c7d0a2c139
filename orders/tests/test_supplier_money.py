"""What a drop-shipped sale comes to, from its payment to the supplier's: owed once (O-41, I-42)."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection

from catalog.models import Sku
from inventory.models import SupplierCharge, Warehouse
from inventory.services import confirm_statement, draw_statement, pay_statement
from inventory.testing import make_stock, make_supplier, make_warehouse
from mall.kernel import ledger
from mall.kernel.balances import compare
from mall.kernel.outbox import relay_batch
from members.testing import make_operator
from orders.models import AfterSale, Order, Shipment, SubOrder
from orders.services import (
    Report,
    approve_after_sale,
    complete_due,
    inspect_return,
    receive_order,
    refund_after_sale,
    refuse_after_sale,
    report_sub_order,
    resend_after_sale,
    ship_order,
)
from orders.testing import NOON, make_order
from orders.tests.cases import LATER, ask, line_of
from orders.tests.partners import dropped, lawful

pytestmark = pytest.mark.django_db
AGREED_FEN, OUR_COST_FEN = 3_000, 4_100
WINDOW_OVER = NOON + timedelta(days=8)
Kind = SupplierCharge.Kind
TAKEN_BACK = import_module("inventory.migrations.0020_owed_once").TAKEN_BACK
OWED = import_module("orders.migrations.0038_owed_and_counted_before").OWED


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


def house_of(supplier):
    return Warehouse.objects.get(supplier=supplier)


def taken_back(order, house, *, pieces=1, came=1, reason="no_reason", kind="return_refund"):
    """A case whose goods came into ``house``, paid back."""
    case = ask(order, pieces, kind=kind, reason=reason)
    approve_after_sale(number=case.number, actor=make_operator(), at=LATER)
    look_at(case, house, came)
    return refund_after_sale(number=case.number, actor=make_operator(), at=LATER)


def look_at(case, house, came=1):
    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": came}},
        warehouse_id=house.pk,
        actor=make_operator(),
        at=LATER,
    )


def charged(supplier):
    """Every amount of the supplier, in the order it came about."""
    rows = SupplierCharge.objects.filter(supplier=supplier).order_by("pk")
    return list(rows.values_list("kind", "amount_fen"))


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


@pytest.fixture
def received(supplier):
    """Three pieces that the supplier sent and the buyer has; our own house could take some back."""
    make_warehouse()
    order = sold(supplier, quantity=3)
    sent(order)
    receive_order(number=order.number, at=NOON)
    return order


def test_I_42_what_its_supplier_has_back_is_not_owed_any_more(supplier, received):
    taken_back(received, house_of(supplier))
    taken_back(received, house_of(supplier), pieces=2, came=2)

    assert charged(supplier) == [
        (Kind.DROPSHIP, 3 * AGREED_FEN),
        (Kind.REVERSED, -AGREED_FEN),
        (Kind.REVERSED, -2 * AGREED_FEN),
    ]
    statement, _later = statement_of(supplier)
    assert statement.payable_fen == 0
    lawful()


def test_what_did_not_come_back_stays_owed(supplier, received):
    taken_back(received, house_of(supplier), pieces=2, came=1)

    assert charged(supplier) == [(Kind.DROPSHIP, 3 * AGREED_FEN), (Kind.REVERSED, -AGREED_FEN)]


def test_what_we_keep_stays_owed(supplier, received):
    taken_back(received, Warehouse.objects.get(supplier=None))

    assert charged(supplier) == [(Kind.DROPSHIP, 3 * AGREED_FEN)]


def test_O_48_of_bad_goods_that_it_has_back_it_bears_what_is_above_their_cost(supplier, received):
    case = taken_back(received, house_of(supplier), reason="quality")

    assert case.goods_fen > AGREED_FEN
    assert charged(supplier)[1:] == [
        (Kind.REVERSED, -AGREED_FEN),
        (Kind.QUALITY, AGREED_FEN - case.goods_fen),
    ]


def test_pieces_that_lay_with_us_are_not_taken_off_a_supplier(supplier):
    order = sold(supplier, quantity=2)
    sent(order)
    SubOrder.objects.get().lines.update(quantity=1)
    receive_order(number=order.number, at=NOON)
    make_warehouse()

    taken_back(order, house_of(supplier))
    taken_back(order, house_of(supplier))

    assert charged(supplier)[1:] == [(Kind.REVERSED, -AGREED_FEN)]


def test_what_is_refused_after_its_inspection_stays_owed(supplier, received):
    case = ask(received, kind="return_refund", reason="no_reason")
    approve_after_sale(number=case.number, actor=make_operator(), at=LATER)
    look_at(case, house_of(supplier))

    refuse_after_sale(number=case.number, reason="worn", actor=make_operator(), at=LATER)

    assert charged(supplier) == [(Kind.DROPSHIP, 3 * AGREED_FEN)]
    lawful()


def test_an_exchange_out_of_our_house_gives_the_supplier_its_piece_back(supplier, received):
    make_stock(sku=line_of(received).sku, warehouse=Warehouse.objects.get(supplier=None))
    case = ask(received, kind="exchange", reason="quality")
    approve_after_sale(number=case.number, actor=make_operator(), at=LATER)

    look_at(case, house_of(supplier))
    assert charged(supplier)[1:] == []
    resend_after_sale(
        number=case.number, carrier="sf", tracking_no="SF9", actor=make_operator(), at=LATER
    )

    assert charged(supplier)[1:] == [(Kind.REVERSED, -AGREED_FEN)]


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

    mend(TAKEN_BACK)

    assert (owed(supplier), ledger.balance_of("sales")) == (0, -2_000)
    assert "book.supplier" not in differing()


def mend(*statements):
    """Run what a migration runs, twice: the second time finds nothing."""
    with connection.cursor() as cursor:
        for statement in statements * 2:
            cursor.execute(statement)


@pytest.fixture
def by_older_code(monkeypatch):
    """What a person sends from a supplier's house leaves no sub-order and no amount behind."""
    monkeypatch.setattr("orders.services.shipping.settle_sub_orders", lambda *_facts: None)


def sent_by_hand(order, *tracking_nos, pieces=None):
    SubOrder.objects.filter(order=order).delete()
    for tracking_no in tracking_nos:
        ship_order(
            order_number=order.number,
            carrier="sf",
            tracking_no=tracking_no,
            at=NOON,
            pieces=pieces,
        )


def settled_before(order, supplier, cost_fen):
    """Completed by older code: the supplier was credited with its goods at our own cost."""
    shares = {"escrow": order.paid_fen, f"supplier:{supplier.code}": -cost_fen}
    shares["sales"] = cost_fen - order.paid_fen
    ledger.post(kind="settlement", reference=order.number, amounts_fen=shares, at=NOON)
    Order.objects.filter(pk=order.pk).update(settled_at=NOON, settled_fen=order.paid_fen)


def test_what_older_code_owed_only_by_its_credit_is_owed_by_the_next_statement(
    supplier, by_older_code
):
    order = sold(supplier)
    sent_by_hand(order, "SF1")
    settled_before(order, supplier, 2 * OUR_COST_FEN)
    assert (charged(supplier), owed(supplier)) == ([], 2 * OUR_COST_FEN)

    mend(TAKEN_BACK, OWED)

    assert (charged(supplier), owed(supplier)) == ([(Kind.DROPSHIP, 2 * AGREED_FEN)], 0)
    statement, later = statement_of(supplier)
    confirm_statement(statement_id=statement.pk, at=later)
    assert owed(supplier) == 2 * AGREED_FEN
    assert differing() == []
    lawful()


def test_what_older_code_sent_by_hand_is_owed_alike_when_it_is_completed_later(
    supplier, by_older_code
):
    order = sold(supplier, quantity=3)
    sent_by_hand(order, "SF1", "SF2", pieces={order.lines.get().pk: 1})
    sent_by_hand(order, "SF3")

    mend(TAKEN_BACK, OWED)
    ended(order)
    mend(TAKEN_BACK, OWED)

    assert charged(supplier) == [(Kind.DROPSHIP, AGREED_FEN)] * 3
    assert owed(supplier) == 0
    assert differing() == []


def test_what_a_sub_order_owes_is_not_owed_again(supplier):
    order = sold(supplier)
    sent(order)
    settled_before(order, supplier, 2 * OUR_COST_FEN)

    mend(TAKEN_BACK, OWED)

    assert charged(supplier) == [(Kind.DROPSHIP, 2 * AGREED_FEN)]
    assert owed(supplier) == 0


def test_without_an_agreed_cost_older_parcels_are_owed_at_ours(supplier, by_older_code):
    order = sold(supplier)
    sent_by_hand(order, "SF1")
    supplier.goods.all().delete()

    mend(OWED)

    assert charged(supplier) == [(Kind.DROPSHIP, 2 * OUR_COST_FEN)]


def test_what_was_never_credited_is_not_owed_now(supplier, by_older_code):
    """Our own parcels, and what an exchange had sent from a supplier's house."""
    ours = make_order(paid=True)
    ship_order(order_number=ours.number, carrier="sf", tracking_no="SF1", at=NOON)
    order = sold(supplier)
    sent_by_hand(order, "SF2")
    receive_order(number=order.number, at=NOON)
    case = ask(order, kind="exchange", reason="quality")
    AfterSale.objects.filter(pk=case.pk).update(replacement=Shipment.objects.get(order=order))

    mend(OWED)

    assert charged(supplier) == []
