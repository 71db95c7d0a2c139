"""Parcels are followed: scans typed in, called in and asked for."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mall.kernel import clock
from orders.carriers.base import CarrierUnavailable, DoorPickup, Parcel
from orders.carriers.registry import CALLBACK_PATH, tracker_of
from orders.models import Carrier, Order, OrderTask, Shipment, ShipmentTrace, TrackingPush
from orders.services import (
    accept_push,
    ask_about_parcels,
    record_trace,
    ship_order,
    subscribe_parcels,
)
from orders.services.tasking import open_task
from orders.simulator import express_running
from orders.simulator.speech import Message
from orders.testing import make_order

NUMBER = "SF1402003310"


@pytest.fixture(scope="module")
def aggregator():
    with express_running() as express:
        yield express


@pytest.fixture
def express(aggregator, settings):
    """The aggregator, configured; SF is followed there under another name."""
    settings.CARRIER_CHANNELS = {"express": aggregator.channel()}
    for memory in (aggregator.subscribed, aggregator.events, aggregator.pickups):
        memory.clear()
    aggregator.troubles.clear()
    aggregator.heard.clear()
    return aggregator


@pytest.fixture
def followed(db):
    Carrier.objects.filter(code="sf").update(adapter="express", outside_code="shunfeng")


def event(code, at, place="杭州", text="快件已到达"):
    return {"code": code, "at": at.isoformat(), "place": place, "text": text}


def shipped(at=None, tracking_no=NUMBER):
    order = make_order(paid=True, at=at or clock.now())
    return ship_order(
        order_number=order.number, carrier="sf", tracking_no=tracking_no, at=at or clock.now()
    )


def hear(message):
    """The mall's answer to a call-back."""
    headers = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in message.headers.items()}
    return Client().post(CALLBACK_PATH, message.body, content_type="application/json", **headers)


@pytest.mark.django_db
def test_O_19_a_pushed_event_shows_in_the_timeline(express, followed):
    shipment, at = shipped(), clock.now()

    answer = hear(express.push("shunfeng", NUMBER, [event("IN_TRANSIT", at)]))

    assert answer.status_code == 204
    trace = ShipmentTrace.objects.get()
    assert (trace.shipment, trace.code, trace.place, trace.words, trace.is_typed) == (
        shipment, "transit", "杭州", "快件已到达", False,
    )  # fmt: skip
    push = TrackingPush.objects.get()
    assert (push.outcome, push.shipment, "x-express-signature" in push.headers) == (
        "applied", shipment, True,
    )  # fmt: skip


@pytest.mark.django_db
def test_the_address_that_the_aggregator_is_told_is_the_route():
    assert reverse("tracking-push", args=["express"]) == CALLBACK_PATH


@pytest.mark.django_db
def test_the_same_call_again_is_kept_and_changes_nothing(express, followed):
    shipped()
    message = express.push("shunfeng", NUMBER, [event("IN_TRANSIT", clock.now())], push_id="one")

    assert [hear(message).status_code for _again in range(2)] == [204, 204]
    assert ShipmentTrace.objects.count() == 1
    outcomes = TrackingPush.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["applied", "repeated"]


@pytest.mark.django_db
def test_signing_that_comes_first_stays_whatever_comes_after_it(express, followed):
    at = clock.now()
    shipment = shipped(at - timedelta(days=2))
    signed_at = at - timedelta(hours=1)

    hear(express.push("shunfeng", NUMBER, [event("SIGNED", signed_at)]))
    hear(express.push("shunfeng", NUMBER, [event("IN_TRANSIT", at - timedelta(hours=9))]))

    shipment.refresh_from_db()
    order = Order.objects.get()
    assert (shipment.signed_at, shipment.last_event_at) == (signed_at, signed_at)
    assert order.receive_due_at == signed_at + timedelta(days=10)
    assert ShipmentTrace.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "status", "reason"),
    [
        (lambda m: {**m, "x-express-signature": "0" * 64}, 400, "signature_wrong"),
        (lambda m: {**m, "x-express-timestamp": "1700000000"}, 400, "timestamp_old"),
        (lambda m: {**m, "x-express-timestamp": "soon"}, 400, "timestamp_wrong"),
        (lambda m: {**m, "x-express-key": "another"}, 400, "key_unknown"),
        (lambda m: {k: v for k, v in m.items() if k != "x-express-nonce"}, 400, "header_missing"),
    ],
)
def test_a_call_that_is_not_theirs_is_kept_and_refused(express, followed, spoil, status, reason):
    shipped()
    message = express.push("shunfeng", NUMBER, [event("SIGNED", clock.now())])

    answer = hear(Message(0, spoil(message.headers), message.body))

    assert (answer.status_code, answer.json()["message"]) == (status, reason)
    assert not ShipmentTrace.objects.exists()
    assert Shipment.objects.get().signed_at is None
    assert list(TrackingPush.objects.values_list("outcome", "reason")) == [("refused", reason)]


@pytest.mark.django_db
def test_a_parcel_of_nobody_is_refused_so_that_the_call_comes_again(express, followed):
    answer = hear(express.push("shunfeng", "ELSEWHERE", [event("SIGNED", clock.now())]))

    assert (answer.status_code, answer.json()["message"]) == (404, "parcel_unknown")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "facts", [{"events": 1}, {"events": [{"code": "SIGNED", "at": "2026-11-22T10:00:00"}]}, {}]
)
def test_a_signed_call_of_nonsense_is_refused(express, followed, facts):
    import json

    from orders.carriers.express.signing import signed_headers

    body = json.dumps({"push_id": "1", "carrier": "shunfeng", "tracking_no": NUMBER, **facts})
    headers = signed_headers(
        express.key, express.secret, path="", body=body.encode(), at=clock.now()
    )
    result = accept_push(adapter="express", headers=headers, body=body.encode(), at=clock.now())

    assert (result.is_accepted, result.reason) == (False, "body_malformed")


@pytest.mark.django_db
def test_without_keys_no_call_is_believed(followed, settings):
    settings.CARRIER_CHANNELS = {"express": {"url": "", "key": "", "secret": ""}}

    result = accept_push(adapter="express", headers={}, body=b"{}", at=clock.now())

    assert (result.reason, TrackingPush.objects.exists()) == ("adapter_unknown", False)


@pytest.mark.django_db
def test_events_of_the_future_are_left_out(express, followed):
    shipped()

    hear(express.push("shunfeng", NUMBER, [event("SIGNED", clock.now() + timedelta(days=2))]))

    assert not ShipmentTrace.objects.exists()
    assert TrackingPush.objects.get().outcome == "repeated"


@pytest.mark.django_db(transaction=True)
def test_parcels_are_subscribed_once(express):
    Carrier.objects.filter(code="sf").update(adapter="express", outside_code="shunfeng")
    shipped()
    at = clock.now()

    assert [subscribe_parcels(at), subscribe_parcels(at)] == [1, 0]
    assert list(express.subscribed) == [("shunfeng", NUMBER)]
    assert express.subscribed["shunfeng", NUMBER].endswith(CALLBACK_PATH)
    assert Shipment.objects.get().subscribed_at == at


@pytest.mark.django_db(transaction=True)
def test_an_aggregator_that_is_away_is_asked_again_next_time(express):
    Carrier.objects.filter(code="sf").update(adapter="express")
    shipped()
    express.troubles.append(Message(502, {}, b"bad gateway"))

    assert subscribe_parcels(clock.now()) == 0
    assert Shipment.objects.get().subscribed_at is None
    assert subscribe_parcels(clock.now()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_lost_call_is_made_good_by_asking(express):
    Carrier.objects.filter(code="sf").update(adapter="express", outside_code="shunfeng")
    at = clock.now()
    shipped(at - timedelta(hours=8))
    Shipment.objects.update(subscribed_at=at - timedelta(hours=8))
    express.events["shunfeng", NUMBER] = [event("COLLECTED", at - timedelta(hours=7))]

    assert ask_about_parcels(at) == 1
    assert ask_about_parcels(at) == 0
    assert Shipment.objects.get().last_event_at == at - timedelta(hours=7)


def test_an_answer_that_is_not_signed_is_no_answer(express):
    express.troubles.append(Message(200, {}, b'{"events": []}'))

    with pytest.raises(CarrierUnavailable):
        tracker_of("express").query(Parcel("shunfeng", NUMBER), at=clock.now())


def test_a_courier_is_ordered_once_however_often_it_is_asked(express):
    at = clock.now()
    ask = DoorPickup(
        number="A20261122", carrier="shunfeng", name="王芳", phone="13800000003",
        region_code="330106", address="北山街 1 号", goods="壁灯",
        window_from=at, window_until=at + timedelta(hours=2),
    )  # fmt: skip
    tracker = tracker_of("express")

    words = [tracker.order_pickup(ask, at=at) for _again in range(2)]

    assert words[0] == words[1]
    assert (words[0].pickup_no, words[0].tracking_no) == ("D000001", "DXD000001")
    tracker.cancel_pickup("A20261122", at=at)
    tracker.cancel_pickup("A20261122", at=at)
    assert express.pickups == {}


@pytest.mark.django_db
def test_news_of_a_parcel_closes_its_task():
    shipment, at = shipped(), clock.now()
    stalled = OrderTask.Kind.TRACKING_STALLED
    open_task(kind=stalled, reference=shipment.number, order=shipment.order, at=at)

    record_trace(shipment_number=shipment.number, code="transit", at=at)

    task = OrderTask.objects.get()
    assert (task.closed_at, task.outcome) == (at, "news")


@pytest.mark.django_db
def test_O_19_the_buyer_reads_what_was_pushed_on_the_order_page(express, followed):
    shipment = shipped()
    hear(express.push("shunfeng", NUMBER, [event("IN_TRANSIT", clock.now())]))
    shopper = Client()
    shopper.force_login(shipment.order.member.account, backend="members.backends.AccountBackend")

    html = shopper.get(f"/en/orders/{shipment.order.number}/").content.decode()

    assert "On its way · 杭州 · 快件已到达" in html
