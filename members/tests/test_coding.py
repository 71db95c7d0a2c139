from datetime import timedelta

import pytest

from mall.kernel import clock
from mall.kernel.errors import TooMany
from members.errors import CodeExpired, CodeWrong, SmsNotSent
from members.models import SmsCode
from members.sandbox import last_sms_code
from members.services import check_code, coding, forget_old_codes, send_code

pytestmark = pytest.mark.django_db
PHONE = "13700000001"
AT = clock.now()


def send(at, phone=PHONE, client_ip="203.0.113.1"):
    return send_code(phone=phone, purpose="login", client_ip=client_ip, at=at)


def check(code, at=AT, phone=PHONE, purpose="login"):
    check_code(phone=phone, purpose=purpose, code=code, at=at)


def test_a_code_lives_five_minutes_half_open():
    send(AT)
    code = last_sms_code(PHONE)

    with pytest.raises(CodeExpired):
        check(code, at=AT + timedelta(minutes=5))
    check(code, at=AT + timedelta(minutes=5, microseconds=-1))


def test_only_the_latest_code_counts():
    send(AT)
    old = last_sms_code(PHONE)
    send(AT + timedelta(seconds=60))
    new = last_sms_code(PHONE)

    if old != new:
        with pytest.raises(CodeWrong):
            check(old, at=AT + timedelta(seconds=61))
    check(new, at=AT + timedelta(seconds=61))


def test_five_in_an_hour_and_ten_in_a_day():
    refused = []
    for minute in range(0, 24 * 60, 10):
        at = AT + timedelta(minutes=minute)
        try:
            send(at)
        except TooMany as error:
            refused.append((minute, error.facts["retry_after_seconds"]))

    assert refused[0] == (50, 600)
    assert SmsCode.objects.count() == 10
    assert refused[-1][0] == 24 * 60 - 10


def test_one_address_cannot_bomb_many_phones():
    for number in range(coding.PER_ADDRESS_HOUR):
        send(AT, phone=f"138{number:08d}")

    with pytest.raises(TooMany):
        send(AT, phone="13999999999")
    send(AT, phone="13999999999", client_ip="203.0.113.2")


def test_the_shop_has_a_budget_of_its_own(monkeypatch):
    monkeypatch.setattr(coding, "ALL_PER_MINUTE", 2)
    send(AT, phone="13800000001", client_ip="203.0.113.1")
    send(AT, phone="13800000002", client_ip="203.0.113.2")

    with pytest.raises(TooMany):
        send(AT, phone="13800000003", client_ip="203.0.113.3")


def dead_provider(_address, _title, _body):
    raise ConnectionError("away")


def test_a_provider_that_is_away_is_told_and_the_try_still_counts(settings):
    settings.MALL_CHANNELS = {"sms": f"{__name__}.dead_provider"}

    with pytest.raises(SmsNotSent):
        send(AT)

    assert SmsCode.objects.count() == 1
    with pytest.raises(TooMany):
        send(AT)


def test_old_codes_are_forgotten_once_no_limit_counts_them():
    send(AT)

    assert forget_old_codes(at=AT + timedelta(days=1)) == 0
    assert forget_old_codes(at=AT + timedelta(days=1, seconds=1)) == 1
