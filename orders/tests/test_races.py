"""The deal under contention, on real connections; each race with its control (INV-01, 08, 12, 16,
19)."""

from collections import Counter
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError

from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem
from mall.kernel.errors import Busy
from mall.kernel.invariants import audit
from mall.kernel.testing.race import (
    all_read_before_any_writes,
    rival_before,
    stampede,
    without_locks,
)
from members.errors import NotEnoughPoints
from members.models import PointsAccount, PointsEntry
from members.services import earn_points
from members.testing import make_address, make_member
from orders.errors import AlreadyReviewed, IllegalMove, PaymentOver, PointsOverCap
from orders.models import CartLine, Order, OrderHistory, Payment, Refund, Review
from orders.providers.sandbox.cashier import Fault, write_notice
from orders.services import (
    CartOwner,
    Submission,
    Wanted,
    accept_notice,
    add_line,
    cancel_order,
    close_unpaid,
    open_payment,
    pay_at_cashier,
    place_order,
    query_silent_payments,
    retry_refunds,
    ship_order,
    write_review,
)
from orders.testing import (
    NOON,
    make_order,
    make_received_order,
    make_stocked_sku,
    open_sandbox_payment,
    without_turns,
)
from promotions.errors import CouponNotUsable
from promotions.models import CouponGrant
from promotions.testing import make_grant

pytestmark = pytest.mark.django_db(transaction=True)
CONTENDERS = 50
PAID = {"trade_state": "SUCCESS", "transaction_id": "42000007"}


def nothing_broken():
    """Every invariant but the outbox's age: the tests' noon may be hours ago, and no relay runs."""
    broken = [found for invariant, found in audit() if found and invariant.code != "INV-31"]
    assert broken == []
    return True


def buy(member, sku, **values):
    submission = Submission(
        address_id=member.addresses.get().pk, wanted=(Wanted(sku.pk, 1),), **values
    )
    return place_order(member_id=member.pk, submission=submission, at=NOON)


@pytest.fixture
def member():
    member = make_member()
    make_address(member=member)
    return member


@pytest.fixture
def buyers():
    members = [make_member() for _n in range(CONTENDERS)]
    for buyer in members:
        make_address(member=buyer)
    return members


# --- the last piece ---


def test_of_fifty_buyers_of_the_last_piece_one_has_an_order_and_nobody_else_lost_anything(buyers):
    sku = make_stocked_sku(on_hand=1)

    outcomes = stampede(CONTENDERS, lambda number: buy(buyers[number], sku))

    assert len(outcomes.results) == 1
    assert outcomes.only(OutOfStock)
    assert Order.objects.count() == Reservation.objects.count() == 1
    assert nothing_broken()


def test_control_without_locks_only_the_constraint_saves_the_last_piece(buyers):
    sku = make_stocked_sku(on_hand=1)
    hold = all_read_before_any_writes("inventory.services.reserving.decide", CONTENDERS)

    with without_locks(), hold:
        outcomes = stampede(CONTENDERS, lambda number: buy(buyers[number], sku))

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)


# --- one coupon ---


def test_ATK_30_one_coupon_is_used_by_one_of_fifty_orders(member):
    sku, grant = make_stocked_sku(on_hand=CONTENDERS), make_grant(member=member)

    outcomes = stampede(CONTENDERS, lambda _n: buy(member, sku, coupon_grant_ids=(grant.pk,)))

    assert len(outcomes.results) == 1
    refusals = Counter(map(type, outcomes.errors))  # Busy: a slow machine kept one waiting
    assert refusals[CouponNotUsable] + refusals[Busy] == CONTENDERS - 1
    assert refusals[CouponNotUsable]
    grant.refresh_from_db()
    assert grant.order_number == Order.objects.get().number
    assert nothing_broken()


def test_control_without_its_condition_one_coupon_lowers_many_orders(member):
    sku, grant = make_stocked_sku(on_hand=CONTENDERS), make_grant(member=member)
    grants = type(CouponGrant.objects.all())
    unconditional = patch.object(grants, "usable_by", lambda self, *_args: self)
    hold = all_read_before_any_writes("orders.services.placing.quote", CONTENDERS)

    with unconditional, hold, without_turns():
        stampede(CONTENDERS, lambda _n: buy(member, sku, coupon_grant_ids=(grant.pk,)))

    assert Order.objects.count() > 1
    assert CouponGrant.objects.get().state == "locked"


# --- the same points ---


@pytest.fixture
def rich(member):
    earn_points(member_id=member.pk, points=500, source_type="test", source_id="1", at=NOON)
    return member


def test_ATK_24_the_same_points_are_spent_once(rich):
    sku = make_stocked_sku(on_hand=20)

    outcomes = stampede(20, lambda _n: buy(rich, sku, points=500))

    assert len(outcomes.results) == 1
    assert all(isinstance(e, NotEnoughPoints | PointsOverCap) for e in outcomes.errors)
    assert PointsAccount.objects.get().balance == 0
    assert nothing_broken()


def test_control_without_locks_the_same_points_pay_twice(rich):
    sku = make_stocked_sku(on_hand=20)
    read = all_read_before_any_writes("orders.services.placing.quote", 20)
    decide = all_read_before_any_writes("members.services.earning._let_run_out", 20)

    with without_locks(), without_turns(), read, decide:
        stampede(20, lambda _n: buy(rich, sku, points=500))

    assert PointsEntry.objects.filter(kind="spend").count() > 1


# --- notices ---


def send(notice):
    return accept_notice(provider="sandbox", headers=notice.headers, body=notice.body, at=NOON)


def test_F_21_ten_equal_notices_at_once_make_one_transition_and_all_are_accepted():
    payment = open_sandbox_payment(make_order())
    notice = write_notice(payment.payment_no, at=NOON, **PAID)

    outcomes = stampede(10, lambda _n: send(notice))

    assert outcomes.errors == []
    counts = Counter(result.outcome for result in outcomes.results)
    assert counts == {"applied": 1, "repeated": 9}
    assert OrderHistory.objects.filter(code="paid").count() == 1
    assert not Refund.objects.exists()
    assert nothing_broken()


def test_control_without_locks_equal_notices_stumble_over_each_other():
    payment = open_sandbox_payment(make_order())
    notice = write_notice(payment.payment_no, at=NOON, **PAID)

    with without_locks(), all_read_before_any_writes("orders.services.settling._wrong_about", 10):
        outcomes = stampede(10, lambda _n: send(notice))

    assert outcomes.errors


def test_notice_and_question_at_once_settle_one_payment():
    payment = open_sandbox_payment(make_order())
    at = NOON + timedelta(seconds=15)
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, fault=Fault.LOST, at=NOON)
    notice = write_notice(payment.payment_no, at=NOON)

    outcomes = stampede(
        10, lambda number: send(notice) if number % 2 else query_silent_payments(at)
    )

    assert outcomes.errors == []
    assert Order.objects.get().status == "paid"
    assert OrderHistory.objects.filter(code="paid").count() == 1
    assert nothing_broken()


# --- paying against closing ---


def test_F_35_paying_against_closing_one_wins_and_no_money_is_left_over():
    payments = [open_sandbox_payment(make_order()) for _n in range(8)]
    at = payments[0].expires_at

    def contend(number):
        if number == 0:
            return close_unpaid(at)
        return pay_at_cashier(payment_no=payments[number - 1].payment_no, succeed=True, at=at)

    outcomes = stampede(9, contend)

    assert outcomes.only(PaymentOver)
    close_unpaid(at)
    states = set(Payment.objects.values_list("status", "is_surplus", "order__status").distinct())
    assert states <= {("succeeded", False, "paid"), ("closed", False, "closed")}
    held = StockItem.objects.filter(reserved=1).count()
    assert held == Order.objects.filter(status="paid").count()
    assert nothing_broken()


def close_with_a_rival_notice():
    """Close an order while its success notice comes in right before the closing is written."""
    payment = open_sandbox_payment(make_order())
    notice = write_notice(payment.payment_no, at=NOON, **PAID)
    with rival_before("orders.services.closing.move", lambda: send(notice)) as rival:
        close_unpaid(payment.expires_at)
    return rival


def test_F_35_a_notice_that_comes_while_the_order_is_being_closed_waits():
    rival = close_with_a_rival_notice()

    assert isinstance(rival.error, Busy)
    assert Order.objects.get().status == "closed"
    assert nothing_broken()


def test_control_without_locks_the_notice_slips_in_before_the_closing():
    with without_locks():
        rival = close_with_a_rival_notice()

    assert rival.error is None
    assert Order.objects.get().status == "paid"


# --- shipping against cancelling ---


def cancel_with_a_rival_parcel(order):
    def ship():
        ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON)

    with rival_before("orders.services.cancelling.move", ship) as rival:
        cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)
    return rival


def test_F_35_a_parcel_waits_while_its_order_is_being_cancelled():
    order = make_order(paid=True)

    rival = cancel_with_a_rival_parcel(order)

    assert isinstance(rival.error, Busy)
    assert Order.objects.get().status == "closed"
    assert retry_refunds(NOON) == 1
    assert nothing_broken()


def test_control_without_locks_the_parcel_leaves_and_the_cancelling_is_refused():
    order = make_order(paid=True)

    with without_locks(), pytest.raises(IllegalMove):
        cancel_with_a_rival_parcel(order)

    assert Order.objects.get().status == "shipped"


# --- one cart, one review, one payment ---


def test_twenty_clicks_on_add_to_cart_are_twenty_pieces(member):
    sku = make_stocked_sku(on_hand=99)
    add_line(owner=CartOwner(member.pk), sku_id=sku.pk, quantity=1, at=NOON)

    outcomes = stampede(
        19, lambda _n: add_line(owner=CartOwner(member.pk), sku_id=sku.pk, quantity=1, at=NOON)
    )

    assert outcomes.errors == []
    assert CartLine.objects.get().quantity == 20


def test_control_without_locks_clicks_are_lost(member):
    sku = make_stocked_sku(on_hand=99)
    add_line(owner=CartOwner(member.pk), sku_id=sku.pk, quantity=1, at=NOON)

    with without_locks(), all_read_before_any_writes("orders.services.carting._check_quantity", 19):
        stampede(
            19, lambda _n: add_line(owner=CartOwner(member.pk), sku_id=sku.pk, quantity=1, at=NOON)
        )

    assert CartLine.objects.get().quantity < 20


def test_two_first_clicks_at_once_make_one_cart(member):
    skus = [make_stocked_sku() for _n in range(10)]

    outcomes = stampede(
        10,
        lambda number: add_line(
            owner=CartOwner(member.pk), sku_id=skus[number].pk, quantity=1, at=NOON
        ),
    )

    assert outcomes.errors == []
    assert CartLine.objects.filter(cart__member=member).count() == 10


def open_many(order):
    return stampede(
        10,
        lambda _n: open_payment(
            order_number=order.number,
            member_id=order.member_id,
            provider="sandbox",
            scene="sandbox",
            at=NOON,
        ),
    )


def test_ten_clicks_on_pay_open_one_payment():
    outcomes = open_many(make_order())

    assert outcomes.errors == []
    assert Payment.objects.count() == 1


def test_control_without_locks_every_click_opens_one():
    hold = all_read_before_any_writes("orders.services.paying.new_number", 10)
    with without_locks(), hold:
        open_many(make_order())

    assert Payment.objects.count() > 1


def test_of_ten_reviews_at_once_one_is_kept_and_counted():
    order = make_received_order()
    line = order.lines.get()

    outcomes = stampede(
        10,
        lambda _n: write_review(
            member_id=order.member_id,
            order_number=order.number,
            line_id=line.pk,
            rating=5,
            text="好",
            at=NOON,
        ),
    )

    assert len(outcomes.results) == 1
    assert outcomes.only(AlreadyReviewed)
    line.product.refresh_from_db()
    assert (Review.objects.count(), line.product.rating_count) == (1, 1)


def test_a_refund_is_sent_by_one_of_ten_senders():
    order = make_order(paid=True)
    cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)

    outcomes = stampede(10, lambda _n: retry_refunds(NOON))

    assert outcomes.errors == []
    assert sum(outcomes.results) == 1
    assert Refund.objects.get().attempts == 1
    assert nothing_broken()
