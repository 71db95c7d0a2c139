"""WeChat Pay against its simulator, over HTTP both ways: what is right is believed once, nothing
else is (O-35, O-36, F-21 to F-32b)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from mall.kernel import clock, ledger
from members.testing import make_operator
from orders.errors import ProviderAway
from orders.models import Order, Payment, PaymentNotice, Refund
from orders.providers import Repayment, TradeState, provider_of, rsa
from orders.services import (
    cancel_paid,
    close_unpaid,
    payment_action,
    query_payment,
    retry_refunds,
    send_again,
    ways_to_pay,
)
from orders.simulator import book as b
from orders.simulator.keys import APP_ID
from orders.simulator.server import Trouble
from orders.simulator.speech import Message
from orders.testing import make_order, pay
from orders.tests.channels import (
    PAYER,
    begin,
    channel_keys,
    notices_of,
    simulator,
    state_of,
)

__all__ = ["channel_keys", "simulator"]
pytestmark = pytest.mark.django_db(transaction=True)
PENDING, PAID = ("pending", "unpaid"), ("succeeded", "paid")


@pytest.fixture
def payment(simulator):
    return begin("wechatpay", "native")[0]


@pytest.fixture
def paid(simulator, payment):
    """A payment that was paid there, and is known here."""
    simulator.wechatpay.book.pay(payment.payment_no)
    assert simulator.notify(simulator.wechatpay, payment.payment_no) == (204, b"")
    return Payment.objects.get(pk=payment.pk)


def ask_at(payment):
    """Ask about a payment when it is due."""
    return query_payment(payment.pk, Payment.objects.get(pk=payment.pk).query_at)


def test_O_35_a_channel_is_offered_once_all_of_its_values_are_set(simulator, settings):
    assert ("wechatpay", "jsapi") in ways_to_pay()

    whole = settings.PAYMENT_CHANNELS
    settings.PAYMENT_CHANNELS = whole | {"wechatpay": whole["wechatpay"] | {"api_key": ""}}

    assert {code for code, _scene in ways_to_pay()} == {"alipay", "sandbox"}
    assert provider_of("wechatpay") is None


def test_each_scene_tells_the_client_what_comes_next(simulator):
    native, action = begin("wechatpay", "native")
    assert (action.type, action.code_url) == (
        "qr",
        f"weixin://wxpay/bizpayurl?pr={native.payment_no}",
    )

    _payment, action = begin("wechatpay", "h5")
    assert action.type == "redirect"
    assert parse_qs(urlsplit(action.url).query)["redirect_url"] == [PAYER.return_url]

    payment, action = begin("wechatpay", "jsapi")
    params = action.params
    signed = "\n".join((APP_ID, params["timeStamp"], params["nonceStr"], params["package"], ""))
    assert (action.type, params["package"]) == ("wx_params", f"prepay_id=wx{payment.payment_no}")
    key = simulator.keys.merchant.public_key()
    assert rsa.is_signed(key, signed.encode(), params["paySign"])


def test_O_36_a_notice_is_applied_once_however_often_it_comes(simulator, payment):
    simulator.wechatpay.book.pay(payment.payment_no)
    notice = simulator.wechatpay.trade_notice(payment.payment_no)
    url = simulator.wechatpay.book.opened(payment.payment_no).notify_url

    answers = [simulator.post(url, notice) for _n in range(3)]

    assert answers == [(204, b"")] * 3
    assert state_of(payment) == PAID
    assert notices_of(payment) == ["applied", "repeated", "repeated"]
    assert ledger.balance_of("provider:wechatpay") == simulator.wechatpay.book.net_fen()
    assert ledger.balance_of("escrow") == -payment.amount_fen


def test_F_21_ten_at_once_pay_once(simulator, payment):
    simulator.wechatpay.book.pay(payment.payment_no)
    notice = simulator.wechatpay.trade_notice(payment.payment_no)
    url = simulator.wechatpay.book.opened(payment.payment_no).notify_url

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _n: simulator.post(url, notice), range(10)))

    assert answers == [(204, b"")] * 10
    assert sorted(notices_of(payment)) == ["applied"] + ["repeated"] * 9
    assert ledger.balance_of("escrow") == -payment.amount_fen


def lies(wechatpay, payment_no):
    """Forged and mistaken notices with the reason each is refused for."""
    true = wechatpay.trade_notice(payment_no)
    total = wechatpay.book.opened(payment_no).amount_fen
    success = {"trade_state": "SUCCESS", "transaction_id": "420000000000"}

    def lie(**wrong):
        return wechatpay.trade_notice(payment_no, **success | wrong)

    def other(**headers):
        return Message(0, {**true.headers, **headers}, true.body)

    flipped = json.loads(true.body)
    sealed = flipped["resource"]["ciphertext"]
    flipped["resource"]["ciphertext"] = ("A" if sealed[0] != "A" else "B") + sealed[1:]
    flipped = json.dumps(flipped).encode()
    late = clock.now().timestamp() - 301
    return {
        "amount_wrong": lie(amount={"total": total - 1, "currency": "CNY"}),
        "currency_wrong": lie(amount={"total": total, "currency": "USD"}),
        "amount_missing": lie(amount={"total": str(total), "currency": "CNY"}),
        "merchant_wrong": lie(mchid="1900000001"),
        "payment_unknown": lie(out_trade_no="P20261122NOTOURS"),
        "state_unknown": lie(trade_state="PERHAPS"),
        "transaction_missing": lie(transaction_id=""),
        "signature_wrong": Message(0, true.headers, true.body + b" "),
        "probe": other(**{"Wechatpay-Signature": "WECHATPAY/SIGNTEST/abc"}),
        "timestamp_wrong": other(**{"Wechatpay-Timestamp": "-1"}),
        "timestamp_old": Message(0, wechatpay.stamp(true.body, at=late), true.body),
        "serial_unknown": other(**{"Wechatpay-Serial": "0" * 40}),
        "header_missing": Message(0, {"Content-Type": "application/json"}, true.body),
        "resource_wrong": Message(0, wechatpay.stamp(flipped), flipped),
        "body_malformed": Message(0, wechatpay.stamp(b"[]"), b"[]"),
    }


def test_O_36_F_26_forged_and_wrong_notices_change_nothing_and_are_logged(simulator, payment):
    url = simulator.wechatpay.book.opened(payment.payment_no).notify_url
    expected = lies(simulator.wechatpay, payment.payment_no)

    answers = {reason: simulator.post(url, notice) for reason, notice in expected.items()}

    for reason, (status, body) in answers.items():
        assert (status, json.loads(body)) == (400, {"code": "FAIL", "message": reason})
    assert state_of(payment) == PENDING
    logged = PaymentNotice.objects.filter(outcome="refused").values_list("reason", flat=True)
    assert set(logged) == set(expected)
    assert ledger.balance_of("escrow") == 0


def test_F_23_an_older_word_after_the_money_changes_nothing(simulator, payment):
    older = simulator.wechatpay.trade_notice(payment.payment_no)
    simulator.wechatpay.book.pay(payment.payment_no)
    url = simulator.wechatpay.book.opened(payment.payment_no).notify_url

    simulator.notify(simulator.wechatpay, payment.payment_no)

    assert simulator.post(url, older) == (204, b"")
    assert state_of(payment) == PAID


def test_F_25_a_lost_notice_is_found_by_asking(simulator, payment):
    simulator.wechatpay.book.pay(payment.payment_no)

    assert ask_at(payment) is True

    assert state_of(payment) == PAID


def test_a_refused_payment_can_be_tried_again_at_the_same_code(simulator, payment):
    simulator.wechatpay.book.pay(payment.payment_no, succeed=False)
    simulator.notify(simulator.wechatpay, payment.payment_no)
    assert state_of(payment) == ("failed", "unpaid")

    simulator.wechatpay.book.pay(payment.payment_no)
    simulator.notify(simulator.wechatpay, payment.payment_no)

    assert state_of(payment) == PAID


def test_F_24_an_order_is_closed_at_the_provider_first(simulator, payment):
    closing = clock.now() + timedelta(hours=1)

    assert close_unpaid(closing) == 1

    assert state_of(payment) == ("closed", "closed")
    assert simulator.wechatpay.book.state(payment.payment_no) == b.CLOSED


def test_F_24_who_paid_in_the_last_second_has_the_order(simulator, payment):
    simulator.wechatpay.book.pay(payment.payment_no)

    close_unpaid(clock.now() + timedelta(hours=1))

    assert state_of(payment) == PAID


def test_F_27_a_second_payment_goes_back_by_itself(simulator, payment):
    order = Order.objects.get(pk=payment.order_id)
    pay(order, at=clock.now())
    simulator.wechatpay.book.pay(payment.payment_no)
    simulator.notify(simulator.wechatpay, payment.payment_no)
    retry_refunds(clock.now())
    refund = Refund.objects.get()

    simulator.wechatpay.book.end_refund(refund.refund_no)
    url = simulator.wechatpay.book.opened(payment.payment_no).notify_url
    notice = simulator.wechatpay.refund_notice(refund.refund_no)
    answers = [simulator.post(url, notice) for _n in range(2)]

    assert answers == [(204, b"")] * 2
    refund.refresh_from_db()
    assert (refund.status, refund.reason) == ("succeeded", "surplus")
    assert simulator.wechatpay.book.net_fen() == ledger.balance_of("provider:wechatpay") == 0


@pytest.mark.parametrize("trouble", list(Trouble))
def test_F_28_F_29_a_provider_in_trouble_is_away_and_the_order_is_kept(simulator, trouble):
    order = make_order(at=clock.now())
    simulator.troubles.append(trouble)
    with pytest.raises(ProviderAway):
        begin("wechatpay", "native", order)
    payment = Payment.objects.get()
    assert state_of(payment) == PENDING

    action = payment_action(payment, at=clock.now())

    assert action.type == "qr"
    opened = [e for e in simulator.wechatpay.book.entries if e.kind == b.OPENED]
    assert [entry.payment_no for entry in opened] == [payment.payment_no]
    assert not [sent for sent in simulator.heard if sent.target == "/elsewhere"]


@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_word_that_is_not_signed_settles_nothing(simulator, payment, trouble):
    simulator.wechatpay.book.pay(payment.payment_no)
    simulator.troubles.append(trouble)

    assert ask_at(payment) is False
    assert state_of(payment) == PENDING

    assert ask_at(payment) is True
    assert state_of(payment) == PAID


def test_F_32b_a_new_platform_key_is_fetched_once(simulator, payment):
    simulator.wechatpay.book.pay(payment.payment_no)
    simulator.wechatpay.signer = simulator.keys.next_platform

    answer = simulator.notify(simulator.wechatpay, payment.payment_no)
    trade = provider_of("wechatpay").query(payment.payment_no, at=clock.now())

    assert (answer, trade.state) == ((204, b""), TradeState.PAID)
    assert state_of(payment) == PAID
    asked = [sent for sent in simulator.heard if sent.target == "/v3/certificates"]
    assert len(asked) == 1


def test_unknown_serials_fetch_keys_once_a_minute_at_most(simulator, payment):
    url = simulator.wechatpay.book.opened(payment.payment_no).notify_url
    true = simulator.wechatpay.trade_notice(payment.payment_no)

    for n in range(5):
        headers = {**true.headers, "Wechatpay-Serial": f"{n:040d}"}
        assert simulator.post(url, Message(0, headers, true.body))[0] == 400

    asked = [sent for sent in simulator.heard if sent.target == "/v3/certificates"]
    assert len(asked) == 1


def send_back(paid):
    """Cancel the paid order: its refund, sent once."""
    order = Order.objects.get(pk=paid.order_id)
    cancel_paid(order_id=order.pk, note="", at=clock.now())
    retry_refunds(clock.now())
    return Refund.objects.get()


def try_again(refund):
    """Send the refund when it is due next."""
    retry_refunds(Refund.objects.get(pk=refund.pk).next_at)
    refund.refresh_from_db()
    return refund.status


def test_a_refund_is_done_when_the_provider_says_so(simulator, paid):
    refund = send_back(paid)
    assert (refund.status, refund.attempts) == ("pending", 1)
    assert try_again(refund) == "pending"  # still on its way there

    simulator.wechatpay.book.end_refund(refund.refund_no)

    assert try_again(refund) == "succeeded"
    assert simulator.wechatpay.book.net_fen() == ledger.balance_of("provider:wechatpay") == 0
    posted = [s for s in simulator.heard if s.method == "POST" and "refunds" in s.target]
    assert len(posted) == 1


def test_F_30_an_answer_lost_on_the_way_makes_no_second_refund(simulator, paid):
    simulator.troubles.append(Trouble.LOST)
    refund = send_back(paid)
    assert refund.failure_code == "provider_away"

    assert try_again(refund) == "pending"
    simulator.wechatpay.book.end_refund(refund.refund_no)

    assert try_again(refund) == "succeeded"
    asked = [e for e in simulator.wechatpay.book.entries if e.kind == b.REFUND_ASKED]
    assert len(asked) == 1


def test_F_31_a_refund_accepted_and_failed_waits_for_an_operator(simulator, paid):
    refund = send_back(paid)
    simulator.wechatpay.book.end_refund(refund.refund_no, succeed=False)
    url = simulator.wechatpay.book.opened(paid.payment_no).notify_url
    notice = simulator.wechatpay.refund_notice(refund.refund_no)

    answers = [simulator.post(url, notice) for _n in range(2)]

    assert answers == [(204, b"")] * 2
    refund.refresh_from_db()
    assert (refund.status, refund.failure_code) == ("failed", "ABNORMAL")
    send_again(refund=refund, actor=make_operator(), at=clock.now())
    retry_refunds(clock.now())
    simulator.wechatpay.book.end_refund(refund.refund_no)
    assert try_again(refund) == "succeeded"
    assert simulator.wechatpay.book.net_fen() == ledger.balance_of("provider:wechatpay") == 0


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"amount": {"total": 1, "currency": "CNY"}}, "amount_wrong"),
        ({"transaction_id": ""}, "transaction_missing"),
    ],
)
def test_F_26_what_contradicts_a_settled_payment_is_no_repetition(simulator, paid, wrong, reason):
    notice = simulator.wechatpay.trade_notice(paid.payment_no, **wrong)
    url = simulator.wechatpay.book.opened(paid.payment_no).notify_url

    status, _body = simulator.post(url, notice)

    said = PaymentNotice.objects.latest("pk")
    assert (status, said.outcome, said.reason) == (400, "refused", reason)
    assert Payment.objects.get(pk=paid.pk).transaction_id == paid.transaction_id
    assert state_of(paid) == PAID


def test_a_refund_notice_of_another_amount_or_number_changes_nothing(simulator, paid):
    refund = send_back(paid)
    simulator.wechatpay.book.end_refund(refund.refund_no)
    url = simulator.wechatpay.book.opened(paid.payment_no).notify_url
    less = {"total": paid.amount_fen, "refund": paid.amount_fen - 1, "currency": "CNY"}

    wrong = [
        simulator.wechatpay.refund_notice(refund.refund_no, amount=less),
        simulator.wechatpay.refund_notice(refund.refund_no, out_refund_no="R2026NOTOURS"),
        simulator.wechatpay.refund_notice(refund.refund_no, mchid="1900000001"),
    ]
    reasons = [json.loads(simulator.post(url, notice)[1])["message"] for notice in wrong]

    refund.refresh_from_db()
    assert reasons == ["amount_wrong", "refund_unknown", "merchant_wrong"]
    assert refund.status == "pending"


def test_a_refund_of_more_than_was_paid_is_refused(simulator, paid):
    provider = provider_of("wechatpay")
    total_fen = paid.amount_fen

    too_much = Repayment("R1", paid.payment_no, total_fen + 1, total_fen)
    word = provider.refund(too_much, at=clock.now())

    assert (word.state, word.failure_code) == (TradeState.FAILED, "NOT_ENOUGH")
    assert provider.query_refund(too_much, at=clock.now()).state == TradeState.UNKNOWN


def test_the_bill_of_a_day_has_what_was_paid_and_what_went_back(simulator, paid):
    provider, today = provider_of("wechatpay"), clock.day_of(clock.now())
    refund = send_back(paid)
    simulator.wechatpay.book.end_refund(refund.refund_no)

    lines = provider.statement(today, at=clock.now())

    assert [(line.is_refund, line.number, line.amount_fen) for line in lines] == [
        (False, paid.payment_no, paid.amount_fen),
        (True, refund.refund_no, paid.amount_fen),
    ]
    assert provider.statement(today - timedelta(days=1), at=clock.now()) is None


def test_O_35_F_28_where_one_channel_is_away_another_pays_the_same_order(simulator):
    order = make_order(at=clock.now())
    simulator.troubles.append(Trouble.BROKEN)
    with pytest.raises(ProviderAway):
        begin("wechatpay", "native", order)

    other = pay(order, at=clock.now())

    away = Payment.objects.get(provider="wechatpay")
    assert state_of(other) == PAID
    assert (away.status, away.order_id) == ("pending", order.pk)
    close_unpaid(clock.now() + timedelta(hours=1))
    assert state_of(other) == PAID
    assert not Refund.objects.exists()


@pytest.mark.parametrize("code", ["FREQUENCY_LIMITED", "NOT_ENOUGH"])
def test_F_31_a_refund_refused_for_now_stays_in_the_queue_under_its_number(
    simulator, paid, monkeypatch, code
):
    real, left = simulator.wechatpay._do, [code, code]

    def refuse(method, path, body):
        if method == "POST" and "refunds" in path and left:
            raise b.Refused(left.pop())
        return real(method, path, body)

    monkeypatch.setattr(simulator.wechatpay, "_do", refuse)

    refund = send_back(paid)
    states = [refund.status, try_again(refund), try_again(refund)]
    simulator.wechatpay.book.end_refund(refund.refund_no)
    states.append(try_again(refund))

    assert states == ["pending", "pending", "pending", "succeeded"]
    asked = [e for e in simulator.wechatpay.book.entries if e.kind == b.REFUND_ASKED]
    assert len(asked) == 1
    assert simulator.wechatpay.book.net_fen() == ledger.balance_of("provider:wechatpay") == 0
