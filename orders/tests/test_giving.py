"""What the shop gives when an order is paid. Rows O-31, P-38, and P-35 of orders."""

import pytest

from mall.kernel import ledger
from mall.kernel.audit.models import AuditEntry
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from members.testing import make_member, make_operator
from orders.models import CharitySettings, Donation
from orders.selectors import charity_view, donation_of
from orders.services import (
    cancel_order,
    donate_for_order,
    retry_refunds,
    save_charity_settings,
    take_back_given,
)
from orders.testing import NOON, make_order, make_received_order, make_stocked_sku
from promotions.models import RedPacket
from promotions.services import claim_packet
from promotions.testing import make_packet_fund

pytestmark = pytest.mark.django_db


@pytest.fixture
def _charity():
    CharitySettings.objects.filter(pk=1).update(is_on=True)


def relay():
    while relay_batch(NOON):
        pass


def broken():
    return {law.code: found.rows for law, found in audit() if found}


def refund(order):
    cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)
    retry_refunds(NOON)
    relay()


@pytest.mark.usefixtures("_charity")
def test_O_31_ten_paid_orders_raise_10_yuan_and_the_refund_of_one_makes_it_9():
    sku, member = make_stocked_sku(), make_member()
    orders = [make_order(member=member, sku=sku, paid=True) for _n in range(10)]
    relay()
    assert charity_view().raised_fen == 1_000

    refund(orders[0])

    assert charity_view().raised_fen == 900
    assert donation_of(orders[0].pk) is None
    assert donation_of(orders[1].pk).amount_fen == 100
    assert broken() == {}


@pytest.mark.usefixtures("_charity")
def test_P_38_the_counter_is_the_book():
    make_order(paid=True)
    relay()

    view = charity_view()

    assert view.raised_fen == -ledger.balance_of("donations") == ledger.balance_of("charity")
    assert (view.raised_fen, view.orders) == (100, 1)


@pytest.mark.usefixtures("_charity")
def test_an_order_gives_once_and_is_taken_back_once():
    order = make_order(paid=True)
    relay()

    assert donate_for_order(order_id=order.pk, at=NOON) is None
    assert take_back_given(order_id=order.pk, at=NOON) is False
    assert charity_view().raised_fen == 100
    refund(order)
    assert take_back_given(order_id=order.pk, at=NOON) is False
    assert donate_for_order(order_id=order.pk, at=NOON) is None
    assert charity_view().raised_fen == 0
    assert Donation.objects.count() == 1


@pytest.mark.usefixtures("_charity")
def test_an_order_that_is_not_paid_or_was_paid_back_before_gives_nothing():
    unpaid, back = make_order(), make_order(paid=True)
    cancel_order(number=back.number, member_id=back.member_id, reason="", at=NOON)
    relay()

    assert donate_for_order(order_id=unpaid.pk, at=NOON) is None
    assert charity_view().raised_fen == 0
    assert not Donation.objects.exists()


def test_nothing_is_given_while_it_is_switched_off():
    make_order(paid=True)
    relay()

    assert charity_view().raised_fen == 0


@pytest.mark.usefixtures("_charity")
def test_another_amount_counts_for_the_orders_after_it():
    make_order(paid=True)
    relay()
    save_charity_settings(changes={"amount_fen": 250}, actor=make_operator(), at=NOON)
    make_order(paid=True)
    relay()

    assert charity_view().raised_fen == 350
    entry = AuditEntry.objects.get(verb="orders.save_charity_settings")
    assert (entry.before, entry.after) == ({"amount_fen": 100}, {"amount_fen": 250})


def test_P_35_an_order_opens_a_packet_when_it_is_received_not_when_it_is_paid():
    make_packet_fund(is_for_orders=True)
    paid = make_order(paid=True)
    relay()
    refund(paid)
    assert not RedPacket.objects.exists()

    kept = make_received_order()
    relay()

    packet = RedPacket.objects.get()
    assert packet.order_number == kept.number
    claim_packet(code=packet.code, member_id=make_member().pk, at=NOON)
    assert broken() == {}
