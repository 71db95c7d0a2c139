"""``manage.py reconcile``: every balance is rebuilt from its ledger, and each planted difference is
found by the balance that it breaks."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from catalog.models import Product
from catalog.testing import make_sku
from inventory.models import SupplierCharge
from inventory.services import confirm_statement, draw_statement, post_supplier_charge
from inventory.testing import make_stock, make_supplier
from mall.kernel import clock
from mall.kernel.balances import balances, compare
from mall.kernel.outbox import relay_batch
from mall.kernel.testing.queries import count_queries
from members.services import add_growth, credit_wallet, earn_points
from members.testing import make_member
from orders.services import cancel_order, complete_due, retry_refunds
from orders.testing import (
    NOON,
    make_flash_order,
    make_flash_sale,
    make_order,
    make_received_order,
    make_stocked_sku,
)
from promotions.testing import make_coupon, make_grant, make_packet_fund, make_threshold_off

pytestmark = pytest.mark.django_db


def differing():
    return {one.balance.code: one for one in compare() if one.differing}


def edit(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount >= 1, statement


@pytest.fixture
def shop():
    """Rows behind every balance: a member with everything, orders in every state of money."""
    member = make_member()
    earn_points(member_id=member.pk, points=500, source_type="test", source_id="1", at=NOON)
    add_growth(
        member_id=member.pk,
        delta_fen=500,
        kind="manual",
        source_type="test",
        source_id="1",
        at=NOON,
    )
    credit_wallet(member_id=member.pk, amount_fen=700, kind="red_packet", reference="r1", at=NOON)
    make_grant(member=member, coupon=make_coupon(budget_fen=100_000))
    make_threshold_off(steps=((90_000, 100),), budget_fen=1_000_000)
    make_flash_order(make_flash_sale(make_stock(sku=make_sku(), on_hand=30).sku), paid=True)
    make_packet_fund()
    owe_supplier()
    limited = make_stocked_sku()
    Product.objects.filter(pk=limited.product_id).update(member_limit=2, total_limit=9)
    make_order(sku=limited)
    make_received_order()
    cancelled = make_order(paid=True)
    cancel_order(number=cancelled.number, member_id=cancelled.member_id, reason="", at=NOON)
    make_order()
    make_order(paid=True)
    retry_refunds(NOON)
    complete_due(NOON + timedelta(days=8))
    for _n in range(5):
        relay_batch(clock.now())


def owe_supplier():
    """A statement that is confirmed and waits for its payment."""
    supplier, year = make_supplier(), timedelta(days=365)
    post_supplier_charge(
        supplier_id=supplier.pk,
        kind=SupplierCharge.Kind.GOODS,
        reference="PO1",
        amount_fen=9_000,
        at=NOON,
    )
    month = NOON.date().replace(day=1)
    statement = draw_statement(supplier_id=supplier.pk, month=month, at=NOON + year)
    confirm_statement(statement_id=statement.pk, at=NOON + year)


def test_an_honest_shop_has_no_difference(shop):
    assert {code: one.first for code, one in differing().items()} == {}
    out = StringIO()

    call_command("reconcile", "--json", stdout=out)

    report = json.loads(out.getvalue())
    assert report["differ"] == {}
    assert report["compared"] == len(balances()) >= 28
    empty = sorted(code for code, rows in report["rows"].items() if not rows)
    assert empty == [
        "coupon_code.uses",
        "packet.left",
        "prize.awarded",
        "sale.member",
    ]


PLANTED = {
    "stock.on_hand": "UPDATE inventory_stockitem SET on_hand = on_hand + 1",
    "stock.reserved": "UPDATE inventory_stockitem SET reserved = reserved - 1 WHERE reserved > 0",
    "stock.in_transit": "UPDATE inventory_stockitem SET in_transit = in_transit + 1",
    "stock.defective": "UPDATE inventory_stockitem SET defective = defective + 1",
    "stock.held": "UPDATE inventory_reservation SET quantity = quantity + 1 WHERE consumed = 0",
    "reservation.lent": "UPDATE inventory_reservation SET lent = lent + 1, quantity = quantity + 1"
    " WHERE source_type = 'activity'",
    "points.balance": "UPDATE members_pointsaccount SET balance = balance + 1",
    "member.growth": "UPDATE members_member SET growth_fen = growth_fen + 1",
    "wallet.balance": "UPDATE members_wallet SET balance_fen = balance_fen + 1",
    "wallet.frozen": "UPDATE members_wallet SET frozen_fen = 1",
    "coupon.issued": "UPDATE promotions_coupon SET issued = issued + 1",
    "coupon.spent": "UPDATE promotions_coupon SET spent_fen = 1 WHERE budget_fen IS NOT NULL",
    "campaign.spent": "UPDATE promotions_campaign SET spent_fen = 1 WHERE budget_fen IS NOT NULL",
    "activity.taken": "UPDATE promotions_activityitem SET taken = taken + 1",
    "activity.member": "UPDATE promotions_membertake SET pieces = 0",
    "edition.taken": "UPDATE orders_editiontake SET pieces = pieces - 1 WHERE member_id IS NULL",
    "fund.spent": "UPDATE promotions_redpacketfund SET spent_fen = spent_fen + 1",
    "order.paid": "UPDATE orders_order SET paid_fen = paid_fen + 1 WHERE paid_fen > 0",
    "order.refunded": "UPDATE orders_order SET refunded_fen = 1 WHERE status = 'paid'",
    "book.escrow": "UPDATE orders_order SET settled_fen = 1 WHERE status = 'paid'",
    "book.provider": "INSERT INTO orders_refund (refund_no, payment_id, order_id, amount_fen,"
    " reason, status, attempts, next_at, failure_code, created_at, succeeded_at)"
    " SELECT 'R' || id, id, order_id, 1, 'planted', 'succeeded', 0, now(), '', now(), now()"
    " FROM orders_payment WHERE provider = 'sandbox' LIMIT 1",
    "book.supplier": "UPDATE inventory_supplierstatement SET status = 'paid'",
    "book.surplus": "UPDATE orders_payment SET is_surplus = true",
    "order.settled": "UPDATE orders_order SET settled_fen = settled_fen - 1"
    " WHERE status = 'completed'",
    "product.sales": "UPDATE catalog_product SET sales_count = sales_count + 1",
}


@pytest.mark.parametrize("code", sorted(PLANTED))
def test_a_planted_difference_is_found_by_its_balance(shop, code):
    edit(PLANTED[code])

    found = differing()

    assert code in found
    first = found[code].first[0]
    assert first.stored != first.rebuilt
    assert first.name


def test_one_difference_is_named_with_both_numbers_and_the_exit_code_says_so(shop):
    item = make_stock(sku=make_sku(), on_hand=5)
    edit("UPDATE inventory_stockitem SET on_hand = 6 WHERE on_hand = 5")
    out = StringIO()

    with pytest.raises(SystemExit) as exit_:
        call_command("reconcile", "--json", stdout=out)

    report = json.loads(out.getvalue())
    assert exit_.value.code == 1
    assert set(report["differ"]) == {"stock.on_hand"}
    (row,) = report["differ"]["stock.on_hand"]["first"]
    assert (row["stored"], row["rebuilt"]) == (6, 5)
    assert row["name"].startswith(f"stock {item.pk} ")
    item.refresh_from_db()
    assert item.on_hand == 6  # nothing was mended


def test_the_work_is_one_query_a_balance_whatever_the_number_of_rows():
    with count_queries() as few:
        list(compare())
    for _n in range(8):
        make_order(paid=True)
    with count_queries() as many:
        list(compare())

    assert len(few) == len(many) <= len(balances()) + 3
