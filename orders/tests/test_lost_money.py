"""Money nobody told us about is found; no payment stays open that nobody needs (F-24 to F-26)."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from inventory.models import StockItem
from mall.kernel.errors import Busy
from orders.errors import ProviderUnknown
from orders.models import Order, Payment, PaymentNotice, Refund
from orders.providers import TradeState
from orders.providers.sandbox import book
from orders.providers.sandbox.cashier import Fault
from orders.services import (
    accept_notice,
    cancel_order,
    close_unpaid,
    open_payment,
    pay_at_cashier,
    query_silent_payments,
    retry_refunds,
)
from orders.testing import NOON, make_order, make_stocked_sku, open_sandbox_payment, pay

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(seconds=20)


@pytest.fixture
def refused():
    """A payment that the shopper's first card did not pay: its cashier is still open."""
    payment = open_sandbox_payment(make_order())
    pay_at_cashier(payment_no=payment.payment_no, succeed=False, at=NOON)
    return payment


def state_of(payment):
    payment.refresh_from_db()
    return payment.status, Order.objects.get(pk=payment.order_id).status


def pay_unheard(payment, at=NOON):
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, fault=Fault.LOST, at=at)


def test_a_second_try_at_a_refused_payment_is_found_by_asking(refused):
    pay_unheard(refused)

    assert query_silent_payments(SOON) == 1

    assert state_of(refused) == ("succeeded", "paid")


def test_a_second_try_at_a_refused_payment_is_found_when_the_order_closes(refused):
    pay_unheard(refused)

    assert close_unpaid(refused.expires_at) == 0

    assert state_of(refused) == ("succeeded", "paid")


def test_a_refused_payment_cannot_be_paid_once_its_order_is_closed(refused):
    assert close_unpaid(refused.expires_at) == 1

    assert book.find(refused.payment_no).state == TradeState.CLOSED
    assert state_of(refused) == ("closed", "closed")
    assert refused.failure_code == "USER_REFUSED"


def test_a_payment_that_its_order_needs_no_more_is_closed_and_asked_about_no_more(refused):
    pay(refused.order)

    assert query_silent_payments(SOON) == 1
    assert query_silent_payments(SOON + timedelta(days=1)) == 0

    assert book.find(refused.payment_no).state == TradeState.CLOSED
    assert state_of(refused) == ("closed", "paid")


def test_an_order_paid_twice_without_a_word_gets_the_second_payment_back(refused):
    pay(refused.order)
    pay_unheard(refused)

    assert query_silent_payments(SOON) == 1

    assert state_of(refused) == ("succeeded", "paid")
    assert Refund.objects.get().payment == refused


def test_a_provider_that_is_offered_no_more_still_closes_and_refunds(settings):
    unpaid, paid = open_sandbox_payment(make_order()), pay(make_order())
    settings.PAYMENT_PROVIDERS = []

    cancel_order(number=paid.order.number, member_id=paid.order.member_id, reason="", at=NOON)
    assert (retry_refunds(NOON), close_unpaid(unpaid.expires_at)) == (1, 1)

    assert Refund.objects.get().status == "succeeded"
    assert state_of(unpaid) == ("closed", "closed")
    order = make_order()
    with pytest.raises(ProviderUnknown):
        open_payment(
            order_number=order.number,
            member_id=order.member_id,
            provider="sandbox",
            scene="sandbox",
            at=NOON,
        )
    assert not Payment.objects.filter(order=order).exists()


def test_of_a_notice_that_anybody_may_send_only_the_beginning_is_kept():
    result = accept_notice(provider="sandbox", headers={}, body=b"x" * 60_000, at=NOON)

    assert result.outcome == "refused"
    assert PaymentNotice.objects.get().body == "x" * 4_096


def test_an_order_that_cannot_be_closed_keeps_no_other_waiting():
    stuck, other = (make_order(sku=make_stocked_sku()) for _n in range(2))

    def release(order, *, at):
        if order.number == stuck.number:
            raise Busy

    with patch("orders.services.closing.free_goods", release):
        assert close_unpaid(other.expires_at) == 1
    assert close_unpaid(other.expires_at) == 1

    assert set(Order.objects.values_list("status", flat=True)) == {"closed"}
    assert StockItem.objects.get(sku=stuck.lines.get().sku_id).reserved == 0
