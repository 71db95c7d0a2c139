"""The whole sale through the verbs: cart, quote, order, payment, parcel, receipt, review."""

import pytest

from catalog.models import Product
from inventory.models import StockItem
from mall.kernel import ledger
from mall.kernel.outbox import relay_batch
from members.testing import make_address, make_member
from orders.models import Order
from orders.selectors import cart_view, order, order_counts
from orders.services import (
    Ask,
    CartOwner,
    Submission,
    Wanted,
    add_line,
    merge_cart,
    pay_at_cashier,
    place_order,
    quote,
    receive_order,
    record_trace,
    ship_order,
    start_payment,
    write_review,
)
from orders.testing import NOON, make_stocked_sku


@pytest.mark.django_db
def test_a_guest_fills_a_cart_signs_in_buys_pays_receives_and_reviews():
    sku = make_stocked_sku(price_fen=4_000, on_hand=5, weight_grams=600)
    change = add_line(owner=CartOwner(), sku_id=sku.pk, quantity=2, at=NOON)
    member = make_member()
    address = make_address(member=member)
    merge_cart(token=change.token, member_id=member.pk, at=NOON)
    view = cart_view(CartOwner(member_id=member.pk), NOON)
    assert [(line.quantity, line.invalid) for line in view.lines] == [(2, None)]

    ask = Ask(wanted=(Wanted(sku.pk, 2),), region_code=address.region_code)
    quoted = quote(ask=ask, member_id=member.pk, at=NOON)
    placed = place_order(
        member_id=member.pk,
        submission=Submission(address_id=address.pk, quote_hash=quoted.quote_hash),
        at=NOON,
    )
    assert placed.payable_fen == quoted.quote.payable_fen == 8_600
    assert cart_view(CartOwner(member_id=member.pk), NOON).lines == ()
    assert StockItem.objects.get(sku=sku).reserved == 2

    start = start_payment(
        order_number=placed.number,
        member_id=member.pk,
        provider="sandbox",
        scene="sandbox",
        at=NOON,
    )
    results = pay_at_cashier(payment_no=start.payment.payment_no, succeed=True, at=NOON)
    assert [result.outcome for result in results] == ["applied"]
    assert ledger.balance_of("provider:sandbox") == 8_600

    shipment = ship_order(
        order_number=placed.number, carrier="sf", tracking_no="SF1234567890", at=NOON
    )
    record_trace(shipment_number=shipment.number, code="signed", place="杭州", at=NOON)
    received = receive_order(number=placed.number, member_id=member.pk, at=NOON)
    assert received.status == Order.Status.RECEIVED
    member.refresh_from_db()
    assert member.growth_fen == 8_000
    assert member.points_account.balance == 80
    stock = StockItem.objects.get(sku=sku)
    assert (stock.on_hand, stock.reserved) == (3, 0)

    shown = order(member.pk, placed.number)
    assert [row.code for row in shown.history.all()] == ["placed", "paid", "shipped", "received"]
    assert order_counts(member.pk)["to_review"] == 1
    write_review(
        member_id=member.pk,
        order_number=placed.number,
        line_id=shown.lines.all()[0].pk,
        rating=5,
        text="好用",
        at=NOON,
    )
    relay_batch(NOON)
    product = Product.objects.get(pk=sku.product_id)
    assert (product.sales_count, product.rating_sum, product.rating_count) == (2, 5, 1)
