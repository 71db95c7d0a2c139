"""Too few payments succeed: finance is told once an hour; the way from the cart (O-38)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from mall.kernel.notify.models import Message
from members.testing import make_member, make_operator
from orders.messages import PAYMENTS_LOW
from orders.models import Payment, PaymentAlarm
from orders.selectors import cart_to_pay
from orders.services import CartOwner, add_line, raise_payment_alarms
from orders.testing import NOON, make_order, make_stocked_sku, open_sandbox_payment

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=10)


def attempts(paid, failed, at=NOON):
    for _n in range(paid):
        make_order(paid=True, at=at)
    for _n in range(failed):
        open_sandbox_payment(make_order(at=at), at=at)
    Payment.objects.filter(status="pending").update(status="failed")


def test_O_38_too_few_successes_are_told_to_finance_once_an_hour():
    finance, _other = make_operator(is_superuser=False), make_operator(is_superuser=False)
    finance.user_permissions.add(Permission.objects.get(codename="get_payment_alarms"))
    attempts(paid=3, failed=2)

    assert raise_payment_alarms(SOON) == 1
    assert raise_payment_alarms(SOON) == 0

    alarm = PaymentAlarm.objects.get()
    assert (alarm.provider, alarm.paid, alarm.attempts) == ("sandbox", 3, 5)
    (message,) = Message.objects.filter(template=PAYMENTS_LOW, channel="inbox")
    assert message.account_id == finance.pk
    assert message.params == {"provider": "sandbox", "paid": 3, "attempts": 5}
    attempts(paid=0, failed=5, at=NOON + timedelta(hours=1))
    assert raise_payment_alarms(SOON + timedelta(hours=1)) == 1


def test_few_attempts_and_enough_successes_raise_nothing():
    attempts(paid=3, failed=1)
    assert raise_payment_alarms(SOON) == 0
    attempts(paid=2, failed=0)
    assert raise_payment_alarms(SOON) == 0
    assert not PaymentAlarm.objects.exists()


def test_O_38_the_way_from_the_cart_to_the_money():
    sku = make_stocked_sku()
    looker = make_member()
    add_line(owner=CartOwner(member_id=looker.pk), sku_id=sku.pk, quantity=1, at=NOON)
    make_order(sku=sku)
    open_sandbox_payment(make_order(sku=sku))
    buyer = make_member()
    for _n in range(2):
        make_order(sku=sku, member=buyer, paid=True)
    make_order(sku=sku, at=NOON - timedelta(days=1))

    steps = cart_to_pay(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))

    assert [(step.code, step.members) for step in steps] == [
        ("cart", 4),
        ("ordered", 3),
        ("began", 2),
        ("paid", 1),
    ]
