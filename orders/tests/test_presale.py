"""A presale through its two legs: deposit, balance, and what becomes of it when nobody pays.

Source: O-32, O-33, P-30, P-31.
"""

from datetime import date, timedelta

import pytest

from inventory.errors import OutOfStock
from inventory.models import PurchaseSuggestion, Reservation
from inventory.testing import make_stock
from mall.kernel.errors import InvalidInput
from mall.kernel.invariants import audit
from mall.kernel.notify.models import Message
from members.testing import make_member
from orders.errors import BalanceNotYet
from orders.models import Order, Payment, Refund
from orders.services import (
    cancel_order,
    close_unpaid,
    open_payment,
    pay_at_cashier,
    plan_presales,
    remind_balances,
    retry_refunds,
    ship_order,
)
from orders.testing import (
    NOON,
    make_order,
    make_presale,
    offered,
    open_sandbox_payment,
    pay,
)
from promotions.errors import OfferLimitReached, OfferSoldOut
from promotions.models import ActivityItem, OfferHold

pytestmark = pytest.mark.django_db(transaction=True)

BALANCE_FROM, BALANCE_UNTIL = NOON + timedelta(days=3), NOON + timedelta(days=5)


def broken_laws():
    return [law.code for law, violation in audit() if violation]


@pytest.fixture
def presale(db):
    """¥200 with a deposit of ¥20 that counts as ¥50; nothing of it is in stock yet."""
    return make_presale(price_fen=20_000, deposit_fen=2_000, worth_fen=5_000, quota=3)


def order_of(presale, **values):
    item = ActivityItem.objects.get(campaign=presale)
    return make_order(wanted=(offered(item),), **values)


def test_P_30_a_deposit_of_20_counts_as_50_so_that_150_are_left(presale):
    order = order_of(presale)

    assert (order.payable_fen, order.deposit_fen, order.due_fen) == (17_000, 2_000, 2_000)
    pay(order)

    order.refresh_from_db()
    assert (order.status, order.stage) == ("unpaid", "deposit_paid")
    assert (order.paid_fen, order.due_fen) == (2_000, 15_000)
    assert order.expires_at == BALANCE_UNTIL


def test_O_33_the_balance_is_refused_before_its_window(presale):
    order = order_of(presale)
    pay(order)

    with pytest.raises(BalanceNotYet):
        pay(order, at=BALANCE_FROM - timedelta(seconds=1))

    assert Payment.objects.filter(order=order).count() == 1


def test_both_legs_paid_make_a_paid_order_of_two_payments(presale):
    order = order_of(presale)
    pay(order)
    pay(order, at=BALANCE_FROM)

    order.refresh_from_db()
    assert (order.status, order.paid_fen, order.due_fen) == ("paid", 17_000, 0)
    legs = Payment.objects.filter(order=order).order_by("pk").values_list("leg", "amount_fen")
    assert list(legs) == [("deposit", 2_000), ("balance", 15_000)]
    assert OfferHold.objects.get().state == "confirmed"
    assert broken_laws() == []


def test_O_33_an_unpaid_balance_closes_the_order_and_the_deposit_is_kept(presale):
    order = order_of(presale)
    pay(order)

    assert close_unpaid(BALANCE_UNTIL) == 1

    order.refresh_from_db()
    assert (order.status, order.close_reason, order.refunded_fen) == ("closed", "timeout", 0)
    assert not Refund.objects.exists()
    assert ActivityItem.objects.get().taken == 0
    assert broken_laws() == []


def test_where_the_rule_says_so_the_deposit_comes_back():
    order = order_of(make_presale(deposit_comes_back=True))
    pay(order)
    close_unpaid(BALANCE_UNTIL)
    retry_refunds(BALANCE_UNTIL)

    order.refresh_from_db()
    assert order.refunded_fen == order.deposit_fen
    assert Refund.objects.get().status == "succeeded"
    assert broken_laws() == []


def test_a_paid_presale_that_is_cancelled_sends_both_legs_back(presale):
    order = order_of(presale)
    pay(order)
    pay(order, at=BALANCE_FROM)

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=BALANCE_FROM)
    retry_refunds(BALANCE_FROM)

    order.refresh_from_db()
    assert (order.status, order.refunded_fen) == ("closed", 17_000)
    assert sorted(Refund.objects.values_list("amount_fen", flat=True)) == [2_000, 15_000]
    assert broken_laws() == []


def test_a_deposit_that_comes_after_closing_goes_back(presale):
    order = order_of(presale)
    late = order.expires_at + timedelta(minutes=5)
    payment = open_sandbox_payment(order)
    Order.objects.filter(pk=order.pk).update(stage="closing")

    pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=late)
    close_unpaid(late)

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, order.paid_fen) == ("closed", 0)
    assert (payment.status, payment.is_surplus) == ("succeeded", True)
    assert Refund.objects.get().amount_fen == 2_000


def test_the_leg_that_a_client_believes_in_must_be_the_one_that_is_due(presale):
    order = order_of(presale)

    with pytest.raises(InvalidInput) as refused:
        open_payment(
            order_number=order.number,
            member_id=order.member_id,
            provider="sandbox",
            scene="sandbox",
            leg="full",
            at=NOON,
        )

    assert refused.value.facts["field"] == "leg"


def test_O_32_a_presale_holds_no_stock_until_its_goods_have_come(presale):
    order = order_of(presale)
    pay(order)
    pay(order, at=BALANCE_FROM)
    assert not Reservation.objects.exists()

    with pytest.raises(OutOfStock):
        ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=BALANCE_UNTIL)
    make_stock(sku=order.lines.get().sku, on_hand=1)
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=BALANCE_UNTIL)

    order.refresh_from_db()
    assert order.status == "shipped"
    assert broken_laws() == []


def test_the_quota_and_the_members_limit_hold_and_come_back(presale):
    buyer = make_member()
    first = order_of(presale, member=buyer)
    with pytest.raises(OfferLimitReached):
        order_of(presale, member=buyer)
    for _n in range(2):
        order_of(presale)
    with pytest.raises(OfferSoldOut):
        order_of(presale)

    cancel_order(number=first.number, member_id=buyer.pk, reason="", at=NOON)

    again = order_of(presale, member=buyer)
    assert again.status == "unpaid"
    assert ActivityItem.objects.get().taken == 3
    assert broken_laws() == []


def test_O_33_each_buyer_is_reminded_once_and_called_once_more_on_the_last_day(presale):
    pay(order_of(presale))

    for at in (NOON, BALANCE_FROM, BALANCE_FROM, BALANCE_UNTIL - timedelta(hours=1), BALANCE_UNTIL):
        remind_balances(at)

    told = Message.objects.filter(template__startswith="orders.balance").order_by("pk")
    in_site = told.values_list("template", flat=True).distinct()
    assert set(in_site) == {"orders.balance_open", "orders.balance_last_call"}
    assert told.values("account", "channel", "template").distinct().count() == told.count()


def test_P_31_a_sold_out_presale_is_planned_once_with_what_was_paid_for(presale):
    for _n in range(2):
        pay(order_of(presale))
    waiting = order_of(presale)
    assert plan_presales(NOON) == 0
    pay(waiting)

    assert plan_presales(NOON) == 1
    assert plan_presales(NOON) == 0

    suggestion = PurchaseSuggestion.objects.get()
    assert (suggestion.pieces, suggestion.due_on) == (3, date(2026, 12, 10))
    with pytest.raises(OfferSoldOut):
        order_of(presale)


def test_O_32_a_presale_that_is_over_is_planned_with_the_pieces_it_sold(presale):
    pay(order_of(presale))
    order_of(presale)

    assert plan_presales(presale.ends_at - timedelta(seconds=1)) == 0
    close_unpaid(presale.ends_at)
    assert plan_presales(presale.ends_at) == 1

    assert PurchaseSuggestion.objects.get().pieces == 1


def test_O_32_deposits_of_the_last_minute_are_planned_too(presale):
    last_minute = presale.ends_at - timedelta(minutes=1)
    pay(order_of(presale))
    last = order_of(presale, at=last_minute)

    assert plan_presales(presale.ends_at) == 0
    pay(last, at=presale.ends_at)
    assert plan_presales(presale.ends_at) == 1

    assert PurchaseSuggestion.objects.get().pieces == 2
