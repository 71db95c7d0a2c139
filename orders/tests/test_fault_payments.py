"""Payments at the worst instant: a notice before our own call has returned (F-22)."""

import pytest

from mall.kernel import clock
from orders.models import Payment
from orders.testing import make_order
from orders.tests.channels import begin, channel_keys, notices_of, simulator, state_of

__all__ = ["channel_keys", "simulator"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_F_22_who_pays_before_the_provider_has_answered_us_has_paid(simulator, monkeypatch):
    told, real = [], simulator.wechatpay.answer

    def pay_and_notify_first(sent):
        answer = real(sent)
        if sent.method == "POST" and not told:
            payment_no = Payment.objects.get().payment_no
            simulator.wechatpay.book.pay(payment_no)
            told.append(simulator.notify(simulator.wechatpay, payment_no))
        return answer

    monkeypatch.setattr(simulator.wechatpay, "answer", pay_and_notify_first)

    payment, action = begin("wechatpay", "native", make_order(at=clock.now()))

    assert told == [(204, b"")]
    assert action.type == "qr"
    assert state_of(payment) == ("succeeded", "paid")
    assert notices_of(payment) == ["applied"]
