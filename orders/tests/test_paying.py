"""Payments and their notices: believed once, only when all of it is right (INV-12, F-21 to
F-27)."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from inventory.models import StockItem
from mall.kernel import ledger
from mall.kernel.errors import NotFound
from mall.kernel.notify.models import Message
from mall.kernel.outbox.models import OutboxEvent
from members.testing import make_member
from orders.errors import (
    IllegalMove,
    OrderExpired,
    PaymentOver,
    ProviderUnknown,
    TooManyPayments,
)
from orders.models import Order, Payment, PaymentNotice, Refund
from orders.providers.sandbox import book
from orders.providers.sandbox.cashier import Fault, write_notice
from orders.providers.sandbox.envelope import Envelope, seal
from orders.providers.sandbox.keys import Keys, keys
from orders.services import (
    accept_notice,
    close_unpaid,
    deliver_late_notices,
    open_payment,
    pay_at_cashier,
    query_silent_payments,
    retry_refunds,
    start_payment,
)
from orders.testing import NOON, make_order, make_stocked_sku, open_sandbox_payment, pay

pytestmark = pytest.mark.django_db
PAID = {"trade_state": "SUCCESS", "transaction_id": "42000001"}


def send(envelope: Envelope, at=NOON):
    return accept_notice(provider="sandbox", headers=envelope.headers, body=envelope.body, at=at)


@pytest.fixture
def payment():
    return open_sandbox_payment(make_order())


def state_of(payment):
    payment.refresh_from_db()
    return payment.status, Order.objects.get(pk=payment.order_id).status


def test_a_signed_notice_pays_the_order_and_tells_the_buyer(payment):
    results = pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=NOON)

    assert [result.outcome for result in results] == ["applied"]
    assert state_of(payment) == ("succeeded", "paid")
    order = payment.order
    order.refresh_from_db()
    assert (order.paid_fen, order.paid_at) == (order.payable_fen, NOON)
    assert ledger.balance_of("provider:sandbox") == -ledger.balance_of("escrow") == order.paid_fen
    assert book.net_fen() >= order.paid_fen
    assert Message.objects.get(template="orders.order_paid").account_id == order.member.account_id
    assert OutboxEvent.objects.filter(name="orders.order_paid").count() == 1


def test_a_refused_payment_leaves_the_order_to_be_paid_another_way(payment):
    pay_at_cashier(payment_no=payment.payment_no, succeed=False, at=NOON)

    assert state_of(payment) == ("failed", "unpaid")
    assert payment.failure_code == "USER_REFUSED"
    assert pay(payment.order).status == "succeeded"


@pytest.mark.parametrize(
    ("fault", "answers", "states"),
    [
        (Fault.DUPLICATE, ["applied", "repeated"], ("succeeded", "paid")),
        (Fault.REORDERED, ["applied", "repeated"], ("succeeded", "paid")),
        (Fault.LATE, [], ("pending", "unpaid")),
        (Fault.LOST, [], ("pending", "unpaid")),
        (Fault.FORGED, ["refused"], ("pending", "unpaid")),
        (Fault.WRONG_AMOUNT, ["refused"], ("pending", "unpaid")),
    ],
)
def test_notices_that_misbehave(payment, fault, answers, states):
    results = pay_at_cashier(payment_no=payment.payment_no, succeed=True, fault=fault, at=NOON)

    assert [result.outcome for result in results] == answers
    assert state_of(payment) == states
    assert PaymentNotice.objects.count() == len(answers)
    assert ledger.balance_of("escrow") == (-payment.amount_fen if states[1] == "paid" else 0)


def test_a_late_notice_arrives_with_the_next_sweep(payment):
    book.take_due(NOON + timedelta(days=1))  # what other tests left in the sandbox's book
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, fault=Fault.LATE, at=NOON)
    assert deliver_late_notices(NOON + timedelta(seconds=19)) == 0

    assert deliver_late_notices(NOON + timedelta(seconds=20)) == 1

    assert state_of(payment) == ("succeeded", "paid")


def test_F_25_a_lost_notice_is_found_by_asking_on_time(payment):
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, fault=Fault.LOST, at=NOON)
    assert query_silent_payments(NOON + timedelta(seconds=14)) == 0

    assert query_silent_payments(NOON + timedelta(seconds=15)) == 1

    assert state_of(payment) == ("succeeded", "paid")
    assert query_silent_payments(NOON + timedelta(hours=1)) == 0


def test_F_25_questions_become_rarer(payment):
    asked = []
    for seconds in range(0, 2_000, 5):
        at = NOON + timedelta(seconds=seconds)
        query_silent_payments(at)
        payment.refresh_from_db()
        if payment.queries > len(asked):
            asked.append(seconds)
    assert asked == [15, 75, 135, 195, 495, 1_395]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"amount": {"total": 9_999, "currency": "CNY"}}, "amount_wrong"),
        ({"amount": {"total": 10_001, "currency": "CNY"}}, "amount_wrong"),
        ({"amount": {"total": 10_000, "currency": "USD"}}, "currency_wrong"),
        ({"amount": {"total": "10000", "currency": "CNY"}}, "amount_missing"),
        ({"amount": {"total": True, "currency": "CNY"}}, "amount_missing"),
        ({"amount": 10_000}, "amount_missing"),
        ({"amount": {"payer_total": 10_000, "currency": "CNY"}}, "amount_missing"),
        ({"out_trade_no": "P20261122AAAAAAAAAA"}, "payment_unknown"),
        ({"out_trade_no": None}, "payment_unknown"),
        ({"appid": "wx0000000000000000"}, "merchant_wrong"),
        ({"mchid": "1900000110"}, "merchant_wrong"),
        ({"transaction_id": ""}, "transaction_missing"),
        ({"trade_state": "REFUND"}, "state_unknown"),
        ({"trade_state": None}, "state_unknown"),
    ],
)
def test_F_26_a_signed_notice_that_says_something_wrong_changes_nothing(payment, wrong, reason):
    result = send(write_notice(payment.payment_no, at=NOON, **(PAID | wrong)))

    assert (result.outcome, result.reason, result.is_accepted) == ("refused", reason, False)
    assert state_of(payment) == ("pending", "unpaid")
    assert PaymentNotice.objects.get().reason == reason
    assert ledger.balance_of("escrow") == 0


def flipped(text, place=-6):
    letter = "A" if text[place] != "A" else "B"
    return text[:place] + letter + text[place + 1 :]


TAMPERINGS = {
    "header_missing": lambda n: Envelope(
        {k: v for k, v in n.headers.items() if k != "wechatpay-nonce"}, n.body
    ),
    "serial_unknown": lambda n: Envelope({**n.headers, "wechatpay-serial": "00"}, n.body),
    "timestamp_wrong": lambda n: Envelope({**n.headers, "wechatpay-timestamp": "１２"}, n.body),
    "signature_wrong": lambda n: Envelope(n.headers, n.body.replace(b"transaction", b"refund")),
    "signature_wrong nonce": lambda n: Envelope({**n.headers, "wechatpay-nonce": "x"}, n.body),
    "signature_wrong not base64": lambda n: Envelope(
        {**n.headers, "wechatpay-signature": "%%%\ud800"}, n.body
    ),
    "signature_wrong probe": lambda n: Envelope(
        {**n.headers, "wechatpay-signature": "WECHATPAY/SIGNTEST/abc"}, n.body
    ),
    "signature_wrong flipped": lambda n: Envelope(
        {**n.headers, "wechatpay-signature": flipped(n.headers["wechatpay-signature"])}, n.body
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampered_notice_is_refused_and_kept(payment, name):
    notice = TAMPERINGS[name](write_notice(payment.payment_no, at=NOON, **PAID))

    result = send(notice)

    assert (result.outcome, result.reason) == ("refused", name.split()[0])
    assert state_of(payment) == ("pending", "unpaid")
    assert PaymentNotice.objects.get().outcome == "refused"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_F_41_a_notice_from_another_time_is_refused(payment, seconds):
    notice = write_notice(payment.payment_no, at=NOON, **PAID)

    assert send(notice, NOON + timedelta(seconds=seconds)).reason == "timestamp_old"
    assert send(notice, NOON + timedelta(seconds=300)).outcome == "applied"


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b"\xff\x00", b"[" * 60_000, b"[" * 100_000, b'{"resource": 1}'],
)
def test_a_well_signed_body_of_rubbish_is_refused(payment, body):
    stamp = str(int(NOON.timestamp()))
    signature = keys().private.sign(
        f"{stamp}\nn\n".encode() + body + b"\n", padding.PKCS1v15(), hashes.SHA256()
    )
    headers = {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": "n",
        "Wechatpay-Signature": base64.b64encode(signature).decode(),
        "Wechatpay-Serial": keys().serial,
    }

    result = send(Envelope(headers, body))

    reason = "body_malformed" if len(body) < 65_537 else "too_large"
    assert (result.outcome, result.reason) == ("refused", reason)


def test_a_cipher_of_another_key_is_noticed_under_a_good_signature(payment):
    strange = Keys(keys().private, keys().serial, b"0" * 32)
    notice = seal(strange, {}, event="TRANSACTION.SUCCESS", at=NOON)

    assert send(notice).reason == "resource_wrong"


def test_one_transaction_of_the_provider_pays_one_payment():
    first, second = open_sandbox_payment(make_order()), open_sandbox_payment(make_order())
    assert send(write_notice(first.payment_no, at=NOON, **PAID)).outcome == "applied"

    result = send(write_notice(second.payment_no, at=NOON, **PAID))

    assert (result.outcome, result.reason) == ("refused", "transaction_known")
    assert state_of(second) == ("pending", "unpaid")


def test_F_27_a_second_successful_payment_of_an_order_goes_back_by_itself(payment):
    order = payment.order
    other = Payment.objects.create(
        payment_no="P20261122OTHERWAY00",
        order=order,
        provider="sandbox",
        scene="sandbox",
        amount_fen=order.payable_fen,
        created_at=NOON,
        expires_at=order.expires_at,
    )
    book.open_trade(other.payment_no, order.number, other.amount_fen)
    held_before = book.net_fen()
    for number in (payment.payment_no, other.payment_no):
        pay_at_cashier(payment_no=number, succeed=True, at=NOON)
    other.refresh_from_db()
    assert (other.status, other.is_surplus) == ("succeeded", True)
    assert state_of(payment) == ("succeeded", "paid")
    assert ledger.balance_of("surplus") == -order.payable_fen

    assert retry_refunds(NOON) == 1
    assert retry_refunds(NOON + timedelta(days=1)) == 0

    refund = Refund.objects.get()
    assert (refund.status, refund.amount_fen, refund.attempts) == (
        "succeeded",
        order.payable_fen,
        1,
    )
    assert ledger.balance_of("surplus") == 0
    assert ledger.balance_of("provider:sandbox") == order.payable_fen
    assert book.net_fen() - held_before == order.payable_fen
    order.refresh_from_db()
    assert order.refunded_fen == 0


def close_before_the_notice(payment):
    """The provider says "closed", the order closes, and then a success comes after all."""
    close_unpaid(payment.expires_at)
    assert state_of(payment) == ("closed", "closed")
    return write_notice(payment.payment_no, at=payment.expires_at, **PAID)


def test_F_24_late_money_revives_a_timed_out_order_when_the_stock_is_there(payment):
    notice = close_before_the_notice(payment)
    assert StockItem.objects.get().reserved == 0

    assert send(notice, payment.expires_at).outcome == "applied"

    assert state_of(payment) == ("succeeded", "paid")
    order = Order.objects.get(pk=payment.order_id)
    assert (order.close_reason, order.closed_at) == ("", None)
    assert StockItem.objects.get().reserved == 1
    assert not Refund.objects.exists()


def test_F_24_late_money_goes_back_when_the_stock_is_gone():
    sku = make_stocked_sku(on_hand=1)
    payment = open_sandbox_payment(make_order(sku=sku))
    notice = close_before_the_notice(payment)
    make_order(sku=sku, at=payment.expires_at)

    assert send(notice, payment.expires_at).outcome == "applied"

    assert state_of(payment) == ("succeeded", "closed")
    assert payment.is_surplus
    assert Refund.objects.get().reason == "surplus"
    assert StockItem.objects.get().reserved == 1


def test_a_payment_found_paid_while_closing_pays_the_order(payment):
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, fault=Fault.LOST, at=NOON)

    assert close_unpaid(payment.expires_at) == 0

    assert state_of(payment) == ("succeeded", "paid")
    assert StockItem.objects.get().reserved == 1


def test_a_closed_payment_cannot_be_paid_at_the_cashier_any_more(payment):
    close_unpaid(payment.expires_at)

    with pytest.raises(PaymentOver):
        pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=payment.expires_at)


def test_the_same_way_again_is_the_same_payment(payment):
    assert open_sandbox_payment(payment.order).pk == payment.pk


def test_ATK_16_at_most_five_payments_of_an_order_are_open(payment):
    for number in range(4):
        payment.pk, payment.payment_no, payment.scene = None, f"P2026112200000000{number}", "other"
        payment.save()
    Payment.objects.update(scene="other")

    with pytest.raises(TooManyPayments):
        open_sandbox_payment(payment.order)


def test_ATK_16_who_may_start_what():
    order = make_order()
    mine = {"order_number": order.number, "member_id": order.member_id, "at": NOON}
    sandbox = {"provider": "sandbox", "scene": "sandbox"}

    with pytest.raises(NotFound):
        start_payment(**mine | sandbox | {"member_id": make_member().pk})
    for way in ({"provider": "wechatpay"}, {"scene": "jsapi"}, {"provider": "none"}):
        with pytest.raises(ProviderUnknown):
            start_payment(**mine | sandbox | way)
    with pytest.raises(OrderExpired):
        start_payment(**mine | sandbox | {"at": order.expires_at})
    pay(order)
    with pytest.raises(IllegalMove):
        open_payment(**mine | sandbox)
    assert Payment.objects.filter(order=order).count() == 1


def test_the_sandbox_is_never_offered_outside_the_demo(settings):
    settings.DEMO = False
    order = make_order()

    with pytest.raises(ProviderUnknown):
        open_sandbox_payment(order)
    assert send(Envelope({}, b"{}")).reason == "provider_unknown"
    assert not PaymentNotice.objects.exists()


def test_F_21_the_same_word_again_after_24_hours_changes_nothing(payment):
    later = NOON + timedelta(days=1)
    assert send(write_notice(payment.payment_no, at=NOON, **PAID)).outcome == "applied"

    again = send(write_notice(payment.payment_no, at=later, **PAID), later)

    assert (again.outcome, again.is_accepted) == ("repeated", True)
    assert state_of(payment) == ("succeeded", "paid")
    assert payment.order.history.filter(code="paid").count() == 1
    assert ledger.balance_of("escrow") == -payment.amount_fen
    assert not Refund.objects.exists()
