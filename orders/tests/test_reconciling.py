"""Daily bills against our book: three kinds of difference, each a row until somebody has looked
(F-32); rates and reasons of payments (O-37, O-38)."""

from datetime import timedelta

import pytest

from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import Conflict
from members.models import WalletEntry
from members.services import credit_wallet
from members.testing import make_member, make_operator
from orders import selectors
from orders.errors import ProviderAway
from orders.models import BillFinding, DailyBill, Payment, PaymentFailure, PaymentPolicy
from orders.providers import ProviderUnavailable
from orders.reasons import reason_of
from orders.services import (
    Refusal,
    cancel_order,
    close_unpaid,
    open_payment,
    pay_at_cashier,
    query_silent_payments,
    reconcile_bills,
    reconcile_day,
    retry_refunds,
    solve_finding,
    start_payment,
)
from orders.services.reconciling import differences
from orders.simulator.server import Trouble
from orders.testing import NOON, make_order, open_sandbox_payment, pay
from orders.tests.channels import begin, channel_keys, simulator

__all__ = ["channel_keys", "simulator"]
TODAY = clock.day_of(NOON)
NEXT_MORNING = NOON + timedelta(days=1)


@pytest.fixture
def own_sandbox(settings, tmp_path):
    """A sandbox whose book no other test writes."""
    settings.SANDBOX_KEY_DIR = tmp_path


def found():
    rows = BillFinding.objects.order_by("number")
    return [(row.kind, row.number, row.our_fen, row.their_fen, row.state) for row in rows]


def test_bill_and_book_differ_in_three_ways():
    ours = {(False, "P1"): 100, (False, "P2"): 200, (True, "R1"): 50}
    theirs = {(False, "P2"): 201, (True, "R1"): 50, (False, "P3"): 300}

    rows = [(one.kind, one.number, one.our_fen, one.their_fen) for one in differences(ours, theirs)]

    assert rows == [
        ("missing", "P1", 100, None),
        ("different", "P2", 200, 201),
        ("extra", "P3", None, 300),
    ]


@pytest.mark.django_db
def test_a_day_that_agrees_has_its_sums_and_no_finding(own_sandbox):
    order = make_order(paid=True)
    cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)
    retry_refunds(NOON)
    kept = make_order(paid=True)

    bill = reconcile_day(provider="sandbox", day=TODAY, at=NEXT_MORNING)

    paid_fen = order.payable_fen + kept.payable_fen
    assert (bill.lines, bill.paid_fen, bill.refunded_fen) == (3, paid_fen, order.payable_fen)
    assert (bill.our_paid_fen, bill.our_refunded_fen) == (paid_fen, order.payable_fen)
    assert found() == []


@pytest.mark.django_db
def test_the_wallet_has_a_daily_bill_too():
    member = make_member()
    kind = WalletEntry.Kind.RED_PACKET
    credit_wallet(member_id=member.pk, amount_fen=50_000, kind=kind, reference="1", at=NOON)
    order = make_order(member=member)
    start_payment(
        order_number=order.number, member_id=member.pk, provider="wallet", scene="wallet", at=NOON
    )

    bill = reconcile_day(provider="wallet", day=TODAY, at=NEXT_MORNING)

    assert (bill.lines, bill.paid_fen, bill.our_paid_fen) == (
        1,
        order.payable_fen,
        order.payable_fen,
    )
    assert found() == []


@pytest.mark.django_db
def test_the_timer_compares_each_day_once_and_the_night_before_counts(own_sandbox):
    make_order(paid=True)

    assert reconcile_bills(NEXT_MORNING) == 3 * 2  # three days of sandbox and wallet
    assert reconcile_bills(NEXT_MORNING + timedelta(hours=1)) == 0

    assert DailyBill.objects.filter(provider="sandbox", day=TODAY, lines=1).count() == 1
    assert reconcile_bills(NEXT_MORNING + timedelta(days=1)) == 2


@pytest.mark.django_db
def test_money_heard_of_after_midnight_is_no_difference(own_sandbox):
    """Paid at 23:59:50, heard of at 00:00:05: in the bill of the one day, in our book of the
    next."""
    late = clock.bounds(TODAY)[1] - timedelta(seconds=10)
    payment = open_sandbox_payment(make_order(at=late), at=late)
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, fault="lost", at=late)
    query_silent_payments(late + timedelta(seconds=15))
    payment.refresh_from_db()
    assert clock.day_of(payment.succeeded_at) == TODAY + timedelta(days=1)

    for day in (TODAY, TODAY + timedelta(days=1)):
        reconcile_day(provider="sandbox", day=day, at=NEXT_MORNING + timedelta(days=1))

    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_F_32_what_the_bill_of_wechat_pay_tells_otherwise_is_a_worklist(simulator):
    payments = []
    for _n in range(3):
        payment, _action = begin("wechatpay", "native")
        simulator.wechatpay.book.pay(payment.payment_no)
        payments.append(payment)
    for payment in payments[:2]:
        simulator.notify(simulator.wechatpay, payment.payment_no)
    missing, different, extra = payments
    simulator.wechatpay.omitted.add(missing.payment_no)
    simulator.wechatpay.changed[different.payment_no] = different.amount_fen + 1
    day, at = clock.day_of(clock.now()), clock.now()

    reconcile_day(provider="wechatpay", day=day, at=at)

    assert {row[:4] for row in found()} == {
        ("missing", missing.payment_no, missing.amount_fen, None),
        ("different", different.payment_no, different.amount_fen, different.amount_fen + 1),
        ("extra", extra.payment_no, None, extra.amount_fen),
    }
    assert Payment.objects.get(pk=extra.pk).status == "pending"  # nothing is mended by itself

    simulator.notify(simulator.wechatpay, extra.payment_no)
    simulator.wechatpay.omitted.clear()
    reconcile_day(provider="wechatpay", day=day, at=at)

    states = {row[1]: row[4] for row in found()}
    assert states == {
        missing.payment_no: "gone",
        different.payment_no: "open",
        extra.payment_no: "gone",
    }


@pytest.mark.django_db(transaction=True)
def test_F_32_alipay_is_compared_as_well_and_an_away_one_is_asked_again(simulator):
    payment, action = begin("alipay", "page")
    simulator.visit(action.url)
    simulator.alipay.book.pay(payment.payment_no)
    simulator.notify(simulator.alipay, payment.payment_no)
    simulator.alipay.omitted.add(payment.payment_no)
    day, at = clock.day_of(clock.now()), clock.now()

    simulator.troubles.append(Trouble.BROKEN)
    with pytest.raises(ProviderUnavailable):
        reconcile_day(provider="alipay", day=day, at=at)
    assert not DailyBill.objects.exists()

    reconcile_day(provider="alipay", day=day, at=at)

    assert [row[:2] for row in found()] == [("missing", payment.payment_no)]


@pytest.mark.django_db
def test_a_finding_is_solved_once_with_a_note_and_stays_solved(own_sandbox):
    order = make_order(paid=True)
    payment = order.payments.get()
    bill = DailyBill.objects.create(provider="sandbox", day=TODAY, compared_at=NOON)
    finding = BillFinding.objects.create(
        bill=bill, kind="extra", number="P-GONE", their_fen=5, found_at=NOON
    )
    actor = make_operator()

    solve_finding(finding=finding, note="their test", actor=actor, at=NOON)
    with pytest.raises(Conflict):
        solve_finding(finding=finding, note="again", actor=actor, at=NOON)
    reconcile_day(provider="sandbox", day=TODAY, at=NEXT_MORNING)

    finding.refresh_from_db()
    assert (finding.state, finding.note, finding.solved_by) == ("solved", "their test", actor)
    assert AuditEntry.objects.filter(verb="orders.solve_bill_finding").count() == 1
    assert DailyBill.objects.get().our_paid_fen == payment.amount_fen


# --- why payments fail, and how many do not ---


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("LIMIT", "limit"),
        ("ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", "limit"),
        ("NOTENOUGH", "balance"),
        ("TIMEOUT", "timeout"),
        ("USER_REFUSED", "cancelled"),
        ("NETWORK", "network"),
        ("RISK", "risk"),
        ("PAYERROR", "other"),
        ("", "other"),
    ],
)
def test_codes_of_providers_are_told_as_reasons(code, reason):
    assert reason_of(code) == reason


def report():
    rows = selectors.failures_by_reason(start=NOON, end=NOON + timedelta(days=1))
    return {(row.provider, row.stage, row.reason): row.times for row in rows}


@pytest.mark.django_db
def test_O_37_a_sandbox_failure_limit_appears_in_the_report():
    payment = open_sandbox_payment(make_order())

    pay_at_cashier(payment_no=payment.payment_no, succeed=False, refusal=Refusal.LIMIT, at=NOON)

    assert report() == {("sandbox", "pay", "limit"): 1}


@pytest.mark.django_db
def test_O_37_who_gives_up_and_whose_time_is_over_are_told_apart():
    left = open_sandbox_payment(make_order()).order
    cancel_order(number=left.number, member_id=left.member_id, reason="", at=NOON)
    open_sandbox_payment(make_order())

    close_unpaid(NOON + timedelta(minutes=31))

    assert report() == {("sandbox", "close", "cancelled"): 1, ("sandbox", "close", "timeout"): 1}


@pytest.mark.django_db
def test_a_payment_that_its_order_needed_no_more_is_no_failure():
    order = make_order()
    spare = open_payment(
        order_number=order.number,
        member_id=order.member_id,
        provider="wallet",
        scene="wallet",
        at=NOON,
    )
    pay(order)

    query_silent_payments(NOON + timedelta(seconds=20))

    spare.refresh_from_db()
    assert (spare.status, PaymentFailure.objects.count()) == ("closed", 0)


@pytest.mark.django_db(transaction=True)
def test_O_37_a_provider_that_is_not_reached_is_a_reason(simulator):
    simulator.troubles.append(Trouble.BROKEN)
    order = make_order(at=clock.now())
    with pytest.raises(ProviderAway):
        start_payment(
            order_number=order.number,
            member_id=order.member_id,
            provider="wechatpay",
            scene="native",
            at=clock.now(),
        )

    failure = PaymentFailure.objects.get()
    assert (failure.stage, failure.reason, failure.code) == ("start", "network", "NETWORK")


@pytest.mark.django_db
def test_O_38_three_of_four_attempts_paid_show_75_percent():
    for _n in range(3):
        make_order(paid=True)
    refused = open_sandbox_payment(make_order())
    pay_at_cashier(payment_no=refused.payment_no, succeed=False, at=NOON)
    open_sandbox_payment(make_order())  # still on its way: no attempt yet

    span = {"start": NOON, "end": NOON + timedelta(hours=1), "at": NOON}
    rates = selectors.success_by_hour(**span)

    hour = clock.bounds(TODAY)[0] + timedelta(hours=12)
    assert [(r.provider, r.hour, r.attempts, r.paid) for r in rates] == [("sandbox", hour, 4, 3)]
    (channel,) = selectors.success_by_channel(rates)
    assert (channel.rate_bp, channel.is_low(PaymentPolicy())) == (7_500, False)


@pytest.mark.django_db
def test_O_38_a_low_rate_of_enough_attempts_raises_the_alarm():
    for n in range(5):
        payment = open_sandbox_payment(make_order())
        pay_at_cashier(payment_no=payment.payment_no, succeed=n > 1, at=NOON)

    (rate,) = selectors.success_by_hour(start=NOON, end=NOON + timedelta(hours=1), at=NOON)

    assert (rate.rate_bp, rate.is_low(PaymentPolicy())) == (6_000, True)


@pytest.mark.django_db
def test_both_reports_cost_one_query_each(django_assert_num_queries):
    payment = open_sandbox_payment(make_order())
    pay_at_cashier(payment_no=payment.payment_no, succeed=False, at=NOON)

    with django_assert_num_queries(1):
        report()
    with django_assert_num_queries(1):
        selectors.success_by_hour(start=NOON, end=NEXT_MORNING, at=NOON)
