"""Closing and cancelling: the provider is asked first, everything held comes back once."""

from datetime import timedelta

import pytest

from inventory.models import Reservation, StockItem
from mall.kernel import ledger
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import NotFound
from mall.kernel.outbox import relay_batch
from members.models import PointsEntry
from members.services import earn_points
from members.testing import make_member, make_operator
from orders.errors import IllegalMove, ProviderAway
from orders.models import Order, Refund
from orders.providers import ProviderUnavailable
from orders.providers.sandbox.cashier import Fault
from orders.services import (
    cancel_order,
    close_by_shop,
    close_unpaid,
    pay_at_cashier,
    receive_order,
    retry_refunds,
    ship_order,
)
from orders.testing import NOON, make_order, make_stocked_sku, open_sandbox_payment, pay
from promotions.testing import make_grant

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=30)


@pytest.fixture
def rich_order():
    """An unpaid order with stock, a coupon and points in it."""
    member = make_member()
    grant = make_grant(member=member)
    earn_points(member_id=member.pk, points=1_000, source_type="test", source_id="1", at=NOON)
    return make_order(
        member=member, sku=make_stocked_sku(), coupon_grant_ids=(grant.pk,), points=500
    )


def holdings(order):
    """(coupon state, points, reserved pieces): what an order holds or has given back."""
    member = order.member
    member.points_account.refresh_from_db()
    reserved = StockItem.objects.get(sku=order.lines.get().sku_id).reserved
    return member.coupon_grants.get().state, member.points_account.balance, reserved


def test_orders_of_a_provider_that_is_away_keep_no_others_waiting(monkeypatch):
    waiting = [open_sandbox_payment(make_order()) for _n in range(3)]
    others = [make_order(at=NOON + timedelta(minutes=1)) for _n in range(2)]
    asked = []

    def away(_self, payment_no, **_values):
        asked.append(payment_no)
        raise ProviderUnavailable

    monkeypatch.setattr("orders.providers.sandbox.provider.SandboxProvider.close", away)

    assert close_unpaid(LATER + timedelta(minutes=1), limit=2) == 2

    assert asked == [waiting[0].payment_no]
    closed = Order.objects.filter(status="closed")
    assert set(closed.values_list("pk", flat=True)) == {order.pk for order in others}


def test_O_22_an_order_not_paid_in_time_gives_everything_back_once(rich_order):
    assert holdings(rich_order) == ("locked", 500, 1)
    assert close_unpaid(LATER - timedelta(seconds=1)) == 0

    assert close_unpaid(LATER) == 1
    assert close_unpaid(LATER + timedelta(hours=1)) == 0

    order = Order.objects.get(pk=rich_order.pk)
    assert (order.status, order.close_reason, order.closed_at) == ("closed", "timeout", LATER)
    assert holdings(order) == ("usable", 1_000, 0)
    assert [row.code for row in order.history.all()] == ["placed", "closed"]


def test_a_provider_that_does_not_answer_keeps_the_order_in_closing(rich_order, monkeypatch):
    payment = open_sandbox_payment(rich_order)

    def away(*_args, **_kwargs):
        raise ProviderUnavailable

    with monkeypatch.context() as patch:
        patch.setattr("orders.providers.sandbox.provider.SandboxProvider.close", away)
        assert close_unpaid(LATER) == 0
    order = Order.objects.get(pk=rich_order.pk)
    assert (order.status, order.stage) == ("unpaid", "closing")
    assert holdings(order) == ("locked", 500, 1)
    with pytest.raises(IllegalMove):
        open_sandbox_payment(order)

    assert close_unpaid(LATER + timedelta(seconds=30)) == 1

    payment.refresh_from_db()
    assert payment.status == "closed"
    assert holdings(order) == ("usable", 1_000, 0)


def test_a_buyer_cancels_an_unpaid_order(rich_order):
    order = cancel_order(
        number=rich_order.number, member_id=rich_order.member_id, reason="买错了", at=NOON
    )

    assert (order.status, order.close_reason) == ("closed", "buyer")
    assert order.history.last().note == "买错了"
    assert holdings(order) == ("usable", 1_000, 0)
    with pytest.raises(IllegalMove) as refusal:
        cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)
    assert refusal.value.facts == {"status": "closed"}


def test_cancelling_a_paid_order_sends_the_money_back(rich_order):
    pay(rich_order)
    relay_batch(NOON)
    product = rich_order.lines.get().product
    product.refresh_from_db()
    assert product.sales_count == 1

    order = cancel_order(
        number=rich_order.number, member_id=rich_order.member_id, reason="", at=NOON
    )

    assert (order.status, order.close_reason) == ("closed", "refunded")
    assert order.refunded_fen == order.paid_fen == order.payable_fen
    line = order.lines.get()
    assert (line.refunded, line.refunded_fen) == (line.quantity, line.payable_fen)
    assert holdings(order) == ("usable", 1_000, 0)
    returned = PointsEntry.objects.get(kind=PointsEntry.Kind.RETURN)
    assert (returned.delta, returned.order_number) == (500, order.number)
    refund = Refund.objects.get()
    assert (refund.status, refund.reason, refund.amount_fen) == (
        "pending",
        "cancelled",
        order.paid_fen,
    )
    assert retry_refunds(NOON) == 1
    assert ledger.balance_of("provider:sandbox") == ledger.balance_of("escrow") == 0
    relay_batch(NOON)
    product.refresh_from_db()
    assert product.sales_count == 0


def test_a_refund_is_sent_again_with_the_same_number_until_it_is_done(monkeypatch):
    order = make_order(paid=True)
    cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)
    numbers = []

    def away(_self, repayment, **_kwargs):
        numbers.append(repayment.refund_no)
        raise ProviderUnavailable

    with monkeypatch.context() as patch:
        patch.setattr("orders.providers.sandbox.provider.SandboxProvider.refund", away)
        for minutes in (0, 0.5, 1, 6, 21):
            retry_refunds(NOON + timedelta(minutes=minutes))
    refund = Refund.objects.get()
    assert numbers == [refund.refund_no] * 4
    assert (refund.status, refund.failure_code) == ("pending", "provider_away")

    assert retry_refunds(NOON + timedelta(hours=2)) == 1

    refund.refresh_from_db()
    assert (refund.status, refund.attempts, refund.failure_code) == ("succeeded", 5, "")


@pytest.mark.parametrize("state", ["shipped", "part_shipped", "received"])
def test_what_has_left_the_house_cannot_be_cancelled(state):
    order = make_order(paid=True, quantity=2)
    line = order.lines.get()
    pieces = {line.pk: 1} if state == "part_shipped" else None
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", pieces=pieces, at=NOON)
    if state == "received":
        receive_order(number=order.number, at=NOON)

    with pytest.raises(IllegalMove) as refusal:
        cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)

    assert refusal.value.facts == {"status": state}
    assert not Refund.objects.exists()


def test_nobody_cancels_anothers_order(rich_order):
    with pytest.raises(NotFound):
        cancel_order(number=rich_order.number, member_id=make_member().pk, reason="", at=NOON)
    assert Order.objects.get().status == "unpaid"


def test_a_buyer_who_has_just_paid_cannot_cancel_as_unpaid(rich_order):
    payment = open_sandbox_payment(rich_order)
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, fault=Fault.LOST, at=NOON)

    with pytest.raises(IllegalMove) as refusal:
        cancel_order(number=rich_order.number, member_id=rich_order.member_id, reason="", at=NOON)

    assert refusal.value.facts == {"status": "paid"}
    assert holdings(rich_order) == ("used", 500, 1)


@pytest.mark.parametrize("paid", [False, True])
def test_the_shop_closes_an_order_and_the_trail_says_who(paid):
    order, operator = make_order(paid=paid), make_operator()

    closed = close_by_shop(order=order, reason="缺货", actor=operator, at=NOON)

    assert closed.close_reason == ("refunded" if paid else "operator")
    entry = AuditEntry.objects.get(verb="orders.close")
    assert (entry.actor, entry.reason) == (operator, "缺货")
    assert not Reservation.objects.open().exists()


def test_the_trail_of_a_closing_is_there_when_the_provider_is_away_and_stands_once(monkeypatch):
    payment, operator = open_sandbox_payment(make_order()), make_operator()

    def away(*_args, **_kwargs):
        raise ProviderUnavailable

    with monkeypatch.context() as patch:
        patch.setattr("orders.providers.sandbox.provider.SandboxProvider.close", away)
        for _n in range(2):
            with pytest.raises(ProviderAway):
                close_by_shop(order=payment.order, reason="缺货", actor=operator, at=NOON)
    assert close_unpaid(NOON) == 1

    order = Order.objects.get(pk=payment.order_id)
    entry = AuditEntry.objects.get(verb="orders.close")
    assert (order.status, order.close_reason) == ("closed", "operator")
    assert (entry.actor, entry.reason, entry.after) == (operator, "缺货", {"stage": "closing"})


def test_an_operator_who_finishes_what_a_buyer_began_stands_in_the_trail(monkeypatch):
    payment, operator = open_sandbox_payment(make_order()), make_operator()
    order = payment.order

    def away(*_args, **_kwargs):
        raise ProviderUnavailable

    with monkeypatch.context() as patch:
        patch.setattr("orders.providers.sandbox.provider.SandboxProvider.close", away)
        with pytest.raises(ProviderAway):
            cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)
    assert not AuditEntry.objects.filter(verb="orders.close").exists()

    closed = close_by_shop(order=order, reason="缺货", actor=operator, at=NOON)

    entry = AuditEntry.objects.get(verb="orders.close")
    assert (closed.status, closed.close_reason) == ("closed", "buyer")
    assert (entry.actor, entry.reason) == (operator, "缺货")


@pytest.mark.parametrize("paid", [False, True])
def test_a_closing_that_fails_in_the_middle_leaves_no_trail_of_what_was_not_done(paid, monkeypatch):
    order, operator = make_order(paid=paid), make_operator()
    where = "orders.services.closing.Order.save" if not paid else "orders.services.cancelling.move"

    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(where, fail)
    with pytest.raises(RuntimeError):
        close_by_shop(order=order, reason="缺货", actor=operator, at=NOON)

    assert not AuditEntry.objects.filter(verb="orders.close").exists()
    assert Order.objects.get(pk=order.pk).status == order.status
