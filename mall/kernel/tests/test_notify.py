"""Messages that leave the house: sent once, tried again later, given up in the end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from mall.kernel import notify
from mall.kernel.notify import MessageTemplate, send_waiting
from mall.kernel.notify.models import Message
from mall.kernel.notify.sending import MAX_ATTEMPTS
from mall.kernel.notify.templates import _templates
from mall.kernel.testing.race import rival_after, stampede

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
sent: list[str] = []


def deliver(_address, _title, body):
    sent.append(body)


def refuse(_address, _title, _body):
    raise ConnectionError("the gateway is away")


@pytest.fixture(autouse=True)
def gateway(settings, monkeypatch):
    """An SMS gateway that remembers, and a template that goes by inbox and SMS."""
    sent.clear()
    settings.MALL_CHANNELS = {"sms": f"{__name__}.deliver"}
    template = MessageTemplate("test.parcel", _("Parcel"), "%(number)s", ("inbox", "sms"))
    monkeypatch.setitem(_templates, template.code, template)
    return settings


def make_account():
    return get_user_model().objects.create(phone="13800000009")


def tell(account, number="1"):
    notify.notify([account.pk], "test.parcel", {"number": number}, at=NOON, source=number)


def sms():
    return Message.objects.get(channel="sms")


@pytest.mark.django_db
def test_one_cause_is_one_message_a_channel_and_leaves_once():
    account = make_account()
    tell(account)
    tell(account)

    assert (send_waiting(NOON), send_waiting(NOON + timedelta(days=1))) == (1, 0)

    assert sent == ["1"]
    assert (sms().state, sms().sent_at, sms().attempts) == ("sent", NOON, 1)
    assert Message.objects.filter(channel="inbox").count() == 1


@pytest.mark.django_db
def test_a_gateway_that_is_away_is_asked_again_later_and_not_for_ever(gateway):
    gateway.MALL_CHANNELS = {"sms": f"{__name__}.refuse"}
    tell(make_account())

    tried = []
    for minute in range(60):
        send_waiting(NOON + timedelta(minutes=minute))
        if sms().attempts > len(tried):
            tried.append(minute)

    assert tried == [0, 1, 3, 7, 15]
    assert (sms().state, sms().attempts) == ("failed", MAX_ATTEMPTS)
    assert sent == []


@pytest.mark.django_db
def test_a_failed_try_waits_before_the_next(gateway):
    gateway.MALL_CHANNELS = {"sms": f"{__name__}.refuse"}
    tell(make_account())
    send_waiting(NOON)
    gateway.MALL_CHANNELS = {"sms": f"{__name__}.deliver"}

    assert send_waiting(NOON + timedelta(seconds=59)) == 0
    assert send_waiting(NOON + timedelta(seconds=60)) == 1


@pytest.mark.django_db(transaction=True)
def test_senders_that_run_at_once_send_nothing_twice():
    account = make_account()
    for number in range(20):
        tell(account, str(number))

    outcomes = stampede(5, lambda _n: send_waiting(NOON))

    assert outcomes.errors == []
    assert sum(outcomes.results) == 20
    assert sorted(sent) == sorted(str(number) for number in range(20))


def send_while_another_sends():
    """A second sender comes while the first is talking to the gateway."""
    tell(make_account())
    with rival_after("mall.kernel.notify.sending._claim", lambda: send_waiting(NOON)) as rival:
        send_waiting(NOON)
    assert rival.error is None
    return len(sent)


@pytest.mark.django_db(transaction=True)
def test_a_sender_passes_over_what_another_is_sending():
    assert send_while_another_sends() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_putting_the_next_try_off_a_message_leaves_twice(monkeypatch):
    monkeypatch.setattr("mall.kernel.notify.sending.BACKOFF", timedelta(0))

    assert send_while_another_sends() == 2
