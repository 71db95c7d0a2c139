"""The limit per member of a sale: held over orders, given back when they close. Source: P-18."""

import pytest

from mall.kernel.invariants import audit
from mall.kernel.testing.race import stampede
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import accept_notice, cancel_order, close_unpaid
from orders.testing import (
    NOON,
    make_order,
    make_stocked_sku,
    open_sandbox_payment,
    write_notice,
)
from promotions.errors import OfferLimitReached
from promotions.models import SaleTake, SaleUse
from promotions.services import limiting
from promotions.testing import make_sale

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sku():
    """¥50 instead of ¥100, two pieces for each member."""
    sku = make_stocked_sku(price_fen=10_000)
    make_sale(prices={sku.pk: 5_000}, rule={"per_member": 2})
    return sku


def broken_laws():
    return [law.code for law, violation in audit() if violation]


def test_P_18_a_third_piece_is_refused_over_two_orders(sku):
    buyer = make_member()
    make_order(member=buyer, sku=sku, quantity=2)

    with pytest.raises(OfferLimitReached):
        make_order(member=buyer, sku=sku)

    assert Order.objects.count() == 1
    assert make_order(sku=sku).payable_fen < 10_000
    assert broken_laws() == []


def test_a_cancelled_order_gives_its_pieces_back_once(sku):
    buyer = make_member()
    first = make_order(member=buyer, sku=sku, quantity=2)
    cancel_order(number=first.number, member_id=buyer.pk, reason="", at=NOON)

    make_order(member=buyer, sku=sku, quantity=2)

    assert SaleTake.objects.get(member=buyer).pieces == 2
    assert broken_laws() == []


def send(payment, at):
    paid = {"trade_state": "SUCCESS", "transaction_id": "42000001"}
    notice = write_notice(payment.payment_no, at=at, **paid)
    accept_notice(provider="sandbox", headers=notice.headers, body=notice.body, at=at)


def test_late_money_counts_the_pieces_again(sku):
    late = make_order(sku=sku, quantity=2)
    payment = open_sandbox_payment(late)
    close_unpaid(payment.expires_at)
    assert SaleTake.objects.get().pieces == 0

    send(payment, payment.expires_at)

    late.refresh_from_db()
    assert (late.status, SaleTake.objects.get().pieces) == ("paid", 2)
    assert SaleUse.objects.get().returned_at is None
    assert broken_laws() == []


def test_late_money_goes_back_when_the_limit_was_used_meanwhile(sku):
    buyer = make_member()
    late = make_order(member=buyer, sku=sku, quantity=2)
    payment = open_sandbox_payment(late)
    close_unpaid(payment.expires_at)
    make_order(member=buyer, sku=sku, at=payment.expires_at)

    send(payment, payment.expires_at)

    late.refresh_from_db()
    assert (late.status, SaleTake.objects.get().pieces) == ("closed", 1)
    assert broken_laws() == []


def test_a_sale_without_a_limit_counts_nothing():
    sku = make_stocked_sku(price_fen=10_000)
    make_sale(prices={sku.pk: 5_000})

    make_order(sku=sku, quantity=5)

    assert not SaleTake.objects.exists()


@pytest.mark.parametrize("is_guarded", [True, False])
def test_twenty_orders_at_once_have_two_pieces_and_without_the_guard_more(
    sku, monkeypatch, is_guarded
):
    buyer = make_member()
    make_address(member=buyer)
    if not is_guarded:
        monkeypatch.setattr(limiting, "_count", lambda *_args: None)

    outcomes = stampede(20, lambda _n: make_order(member=buyer, sku=sku))

    sold = Order.objects.filter(member=buyer).count()
    assert (sold == 2) is is_guarded
    if is_guarded:
        assert [type(error) for error in outcomes.errors] == [OfferLimitReached] * 18
        assert broken_laws() == []
