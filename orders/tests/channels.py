"""A mall that takes WeChat Pay and Alipay, both simulated: over real HTTP in both directions."""

from __future__ import annotations

import pytest

from mall.kernel import clock
from orders.models import Order, Payment
from orders.services import Payer, open_payment, payment_action
from orders.simulator.keys import make_keys
from orders.simulator.server import running
from orders.testing import make_order

PAYER = Payer(ip="203.0.113.7", return_url="https://mall.example.cn/pay/", openid="o-buyer")


@pytest.fixture(scope="session")
def channel_keys():
    return make_keys()


@pytest.fixture
def simulator(channel_keys, live_server, settings, tmp_path):
    """The providers, told to the mall; the mall itself listens at ``live_server``."""
    with running(channel_keys) as simulator:
        settings.PAYMENT_PROVIDERS = ["wechatpay", "alipay", "sandbox"]
        settings.PAYMENT_CHANNELS = simulator.channels(tmp_path)
        settings.SITE_URL = live_server.url
        yield simulator


def begin(provider, scene, order=None):
    """An order with a payment that its provider has been told of: payment and action."""
    order = order or make_order(at=clock.now())
    payment = open_payment(
        order_number=order.number,
        member_id=order.member_id,
        provider=provider,
        scene=scene,
        at=clock.now(),
    )
    return payment, payment_action(payment, at=clock.now(), payer=PAYER)


def state_of(payment):
    """How the payment and its order stand now."""
    payment = Payment.objects.get(pk=payment.pk)
    return payment.status, Order.objects.get(pk=payment.order_id).status


def notices_of(payment):
    """What came of the notices about a payment, in order."""
    return [notice.outcome for notice in payment.notices.order_by("pk")]
