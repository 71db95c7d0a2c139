"""Alipay against its simulator, over HTTP both ways: what is right is believed once, nothing else
is (O-35, O-36, F-21 to F-31)."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from mall.kernel import clock, ledger
from orders.models import Order, PaymentNotice, Refund
from orders.providers import Repayment, TradeState, provider_of
from orders.providers.alipay.signing import answer_in
from orders.providers.amounts import fen_of, yuan_of
from orders.services import cancel_paid, close_unpaid, query_payment, retry_refunds
from orders.simulator import book as b
from orders.simulator.server import Trouble
from orders.simulator.speech import Message
from orders.tests.channels import PAYER, begin, channel_keys, notices_of, simulator, state_of

__all__ = ["channel_keys", "simulator"]
PENDING, PAID = ("pending", "unpaid"), ("succeeded", "paid")
over_http = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payment(simulator):
    """A payment whose payer has opened Alipay's page."""
    payment, action = begin("alipay", "page")
    assert simulator.visit(action.url) == 200
    return payment


@pytest.fixture
def paid(simulator, payment):
    simulator.alipay.book.pay(payment.payment_no)
    assert simulator.notify(simulator.alipay, payment.payment_no) == (200, b"success")
    payment.refresh_from_db()
    return payment


def ask_at(payment):
    payment.refresh_from_db()
    return query_payment(payment.pk, payment.query_at)


def fields_of(notice):
    """What a notice says, unsigned."""
    pairs = parse_qs(notice.body.decode(), keep_blank_values=True)
    return {name: value[0] for name, value in pairs.items() if name not in ("sign", "sign_type")}


@pytest.mark.parametrize(
    ("text", "fen"), [("0.01", 1), ("123", 12_300), ("88.8", 8_880), ("88.88", 8_888)]
)
def test_yuan_in_text_are_fen(text, fen):
    assert fen_of(text) == fen
    assert fen_of(yuan_of(fen)) == fen


@pytest.mark.parametrize("text", ["", "-1", "1e3", "1.001", " 1", "１", "1,000.00", ".5", "1."])
def test_anything_else_is_no_amount(text):
    with pytest.raises(ValueError, match="no amount"):
        fen_of(text)


def test_what_is_signed_in_an_answer_is_found_past_quotes_and_braces():
    answer = '{"code":"10000","who":"a\\"}b","deep":{"x":"{"}}'

    assert answer_in(f'{{"the_response":{answer},"sign":"abc"}}', "the_response") == answer
    with pytest.raises(ValueError, match="no end"):
        answer_in('{"the_response":{"code":"10000"', "the_response")


@over_http
def test_both_scenes_lead_to_a_signed_page_that_knows_when_it_ends(simulator):
    for scene, method in (("page", "alipay.trade.page.pay"), ("wap", "alipay.trade.wap.pay")):
        payment, action = begin("alipay", scene)
        query = parse_qs(urlsplit(action.url).query)

        assert (action.type, query["method"]) == ("redirect", [method])
        assert query["return_url"] == [PAYER.return_url]
        ends = payment.expires_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        assert f'"time_expire":"{ends}"' in query["biz_content"][0]
        assert simulator.visit(action.url) == 200
        assert simulator.alipay.book.opened(payment.payment_no).amount_fen == payment.amount_fen


@over_http
def test_O_36_a_notice_is_applied_once_and_answered_success_each_time(simulator, payment):
    simulator.alipay.book.pay(payment.payment_no)

    answers = [simulator.notify(simulator.alipay, payment.payment_no) for _n in range(3)]

    assert answers == [(200, b"success")] * 3
    assert state_of(payment) == PAID
    assert notices_of(payment) == ["applied", "repeated", "repeated"]
    assert len({notice.notice_id for notice in payment.notices.all()}) == 1
    assert ledger.balance_of("provider:alipay") == simulator.alipay.book.net_fen()


def lies(alipay, payment):
    """Forged and mistaken notices with the reason each is refused for."""
    success = {"trade_status": "TRADE_SUCCESS", "trade_no": "2026112222001400001"}
    true = alipay.trade_notice(payment.payment_no, **success)

    def lie(**wrong):
        return alipay.trade_notice(payment.payment_no, **success | wrong)

    def unsigned(body):
        return Message(0, true.headers, body)

    day_before = (clock.now() - timedelta(hours=27)).astimezone(clock.SHANGHAI)
    without_sign = urlencode(fields_of(true) | {"sign_type": "RSA2"}).encode()
    return [
        ("amount_wrong", lie(total_amount=yuan_of(payment.amount_fen - 1))),
        ("amount_missing", lie(total_amount="1e9")),
        ("merchant_wrong", lie(seller_id="2088000000000009")),
        ("merchant_wrong", lie(app_id="2026000000000009")),
        ("payment_unknown", lie(out_trade_no="P20261122NOTOURS")),
        ("state_unknown", lie(trade_status="PERHAPS")),
        ("transaction_missing", lie(trade_no="")),
        ("notice_id_missing", lie(notify_id="")),
        ("timestamp_old", lie(notify_time=day_before.strftime("%Y-%m-%d %H:%M:%S"))),
        ("timestamp_wrong", lie(notify_time="yesterday")),
        ("signature_wrong", unsigned(true.body.replace(b"TRADE_SUCCESS", b"TRADE_FINISHED"))),
        ("signature_wrong", unsigned(without_sign)),
        ("signature_wrong", unsigned(true.body.replace(b"RSA2", b"RSA"))),
        ("body_malformed", unsigned(true.body + b"&total_amount=0.01")),
        ("body_malformed", unsigned(b"\xff\xfe")),
    ]


@over_http
def test_O_36_F_26_forged_and_wrong_notices_change_nothing_and_are_logged(simulator, payment):
    url = simulator.alipay.book.opened(payment.payment_no).notify_url
    expected = lies(simulator.alipay, payment)

    answers = [simulator.post(url, notice) for _reason, notice in expected]

    assert answers == [(400, b"fail")] * len(expected)
    assert state_of(payment) == PENDING
    logged = PaymentNotice.objects.filter(outcome="refused").order_by("pk")
    assert [notice.reason for notice in logged] == [reason for reason, _notice in expected]
    assert ledger.balance_of("escrow") == 0


@over_http
def test_F_23_an_older_word_after_the_money_changes_nothing(simulator, payment):
    older = simulator.alipay.trade_notice(payment.payment_no)
    simulator.alipay.book.pay(payment.payment_no)
    simulator.notify(simulator.alipay, payment.payment_no)
    url = simulator.alipay.book.opened(payment.payment_no).notify_url

    closed = simulator.alipay.trade_notice(payment.payment_no, trade_status="TRADE_CLOSED")

    assert [simulator.post(url, late) for late in (older, closed)] == [(200, b"success")] * 2
    assert state_of(payment) == PAID


@over_http
def test_F_25_a_lost_notice_is_found_by_asking(simulator, payment):
    simulator.alipay.book.pay(payment.payment_no)

    assert ask_at(payment) is True

    assert state_of(payment) == PAID


@over_http
@pytest.mark.parametrize("trouble", list(Trouble))
def test_F_29_a_word_that_is_not_signed_settles_nothing(simulator, payment, trouble):
    simulator.alipay.book.pay(payment.payment_no)
    simulator.troubles.append(trouble)

    assert ask_at(payment) is False
    assert state_of(payment) == PENDING

    assert ask_at(payment) is True


@over_http
def test_F_24_an_order_is_closed_at_the_provider_first(simulator, payment):
    assert close_unpaid(clock.now() + timedelta(hours=1)) == 1

    assert state_of(payment) == ("closed", "closed")
    assert simulator.alipay.book.state(payment.payment_no) == b.CLOSED


@over_http
def test_a_page_that_nobody_opened_is_closed_here_and_the_address_is_over(simulator):
    payment, _action = begin("alipay", "wap")

    assert close_unpaid(clock.now() + timedelta(hours=1)) == 1

    assert state_of(payment) == ("closed", "closed")


@over_http
def test_F_24_who_paid_in_the_last_second_has_the_order(simulator, payment):
    simulator.alipay.book.pay(payment.payment_no)

    close_unpaid(clock.now() + timedelta(hours=1))

    assert state_of(payment) == PAID


def send_back(paid):
    order = Order.objects.get(pk=paid.order_id)
    cancel_paid(order_id=order.pk, note="", at=clock.now())
    retry_refunds(clock.now())
    return Refund.objects.get()


@over_http
def test_a_refund_moves_the_money_once(simulator, paid):
    refund = send_back(paid)

    assert (refund.status, refund.attempts) == ("succeeded", 1)
    assert simulator.alipay.book.net_fen() == ledger.balance_of("provider:alipay") == 0


@over_http
def test_F_30_an_answer_lost_on_the_way_makes_no_second_refund(simulator, paid):
    simulator.troubles.append(Trouble.LOST)
    refund = send_back(paid)
    assert (refund.status, refund.failure_code) == ("pending", "provider_away")

    retry_refunds(refund.next_at)

    refund.refresh_from_db()
    assert refund.status == "succeeded"
    done = [e for e in simulator.alipay.book.entries if e.kind == b.REFUND_DONE]
    assert len(done) == 1


@over_http
def test_the_same_refund_sent_twice_is_one_and_another_amount_is_refused(simulator, paid):
    provider, total_fen = provider_of("alipay"), paid.amount_fen
    part = Repayment("R1", paid.payment_no, 100, total_fen)

    states = [provider.refund(part, at=clock.now()).state for _n in range(2)]
    other = provider.refund(Repayment("R1", paid.payment_no, 200, total_fen), at=clock.now())
    more = provider.refund(Repayment("R2", paid.payment_no, total_fen, total_fen), at=clock.now())

    assert states == [TradeState.PAID] * 2
    assert (other.state, other.failure_code) == (TradeState.FAILED, "DISCORDANT_REPEAT_REQUEST")
    assert more.state == TradeState.FAILED
    assert simulator.alipay.book.net_fen() == total_fen - 100
    assert provider.query_refund(part, at=clock.now()).amount_fen == 100


@over_http
def test_the_bill_of_a_day_has_what_was_paid_and_what_went_back(simulator, paid):
    provider, today = provider_of("alipay"), clock.day_of(clock.now())
    refund = send_back(paid)

    lines = provider.statement(today, at=clock.now())

    assert [(line.is_refund, line.number, line.amount_fen) for line in lines] == [
        (False, paid.payment_no, paid.amount_fen),
        (True, refund.refund_no, paid.amount_fen),
    ]
    assert provider.statement(today - timedelta(days=1), at=clock.now()) is None
