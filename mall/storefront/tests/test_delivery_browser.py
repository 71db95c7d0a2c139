"""The way to the shopper by hand in a browser: a code at a risky payment, parcels with their
stories, the desk of a store. Source: O-18, O-19, O-34, O-40."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Sku
from inventory.testing import make_stock, make_store
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.sale import put_up
from mall.storefront.tests.shop import BACKEND, make_shopper, make_words, signed_in
from members.models import Account, Member
from members.sandbox import last_sms_code
from members.testing import make_operator
from orders.models import Order, Payment
from orders.services import (
    Collect,
    Submission,
    Wanted,
    code_of,
    place_order,
    record_trace,
    save_risk_policy,
    ship_order,
)
from orders.testing import make_order, pay

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WRONG = "0000000000"


@pytest.fixture
def shopper() -> Member:
    """A member of a shop with words."""
    make_words()
    return make_shopper(nickname="Lin")


@pytest.fixture
def lamp(shopper) -> Sku:
    """Goods with a picture, at ¥100.00."""
    return put_up("台灯", "light", "灯具", "headphones-n1", price_fen=10_000).skus.get()


@pytest.fixture
def shade(shopper) -> Sku:
    """Other goods with a picture."""
    return put_up("灯罩", "shade", "家居", "teapot-red", price_fen=5_000).skus.get()


def hands_of(running, live_server, member: Member, width: int = NARROW) -> Hands:
    hands = Hands.at(running, live_server.url, width)
    hands.let_in(signed_in(member))
    return hands


def desk_of(running, live_server, operator: Account) -> Hands:
    """An operator who reads English."""
    client = Client()
    client.force_login(operator, backend=BACKEND)
    client.cookies["django_language"] = "en"
    desk = Hands.at(running, live_server.url, WIDE)
    desk.let_in(client)
    return desk


def test_O_34_the_desk_of_the_store_hands_over_for_the_code(shopper, lamp, live_server):
    store, at = make_store(code="west-lake", title_en="West Lake"), clock.now()
    make_stock(sku=lamp, on_hand=2, warehouse=store.warehouse)
    collect = Collect(store.pk, "Lin", "13912345678")
    submission = Submission(wanted=(Wanted(lamp.pk, 1),), collect=collect)
    pay(place_order(member_id=shopper.pk, submission=submission, at=at), at=at)
    order = Order.objects.select_related("pickup__store").get()
    clerk = make_operator(username="clerk")
    store.staff.add(clerk)
    with browser() as running:
        hands = hands_of(running, live_server, shopper)
        hands.go(f"/en/orders/{order.number}/")
        assert "We tell you when it is ready." in hands.text("#pickup")
        desk = desk_of(running, live_server, clerk)
        desk.go(reverse("admin:pickup_desk"))
        desk.click(f"tr[data-number='{order.number}'] button")
        desk.shows("text=Its buyer has been told.")
        hands.page.reload()
        assert "Ready to be picked up" in hands.text(".status")
        code = hands.text("[data-code]").replace(" ", "")
        assert code == code_of(order.pickup)
        hands.shoot("delivery-ready")

        for typed, said in ((WRONG, "code"), (code, "is handed over")):
            desk.page.fill("[name=code]", typed)
            desk.page.get_by_role("button", name="Hand over").click()
            desk.shows(f"text=/{said}/")
            order.refresh_from_db()
            assert (order.status == Order.Status.RECEIVED) == (typed == code)
        hands.page.reload()
        assert "Picked up on" in hands.text("#pickup")
        assert hands.page.locator("[data-code]").count() == 0
        assert (hands.complaints, desk.complaints) == ([], [])


def test_O_18_O_19_two_parcels_say_what_is_in_them_and_where_they_are(
    shopper, lamp, shade, live_server
):
    at = clock.now() - timedelta(hours=6)
    wanted = (Wanted(lamp.pk, 2), Wanted(shade.pk, 1))
    order = make_order(member=shopper, wanted=wanted, paid=True, at=at)
    first, second = order.lines.order_by("position")
    for number, (line, pieces) in enumerate(((first, 1), (first, 1)), 1):
        parcel = {line.pk: pieces} | ({second.pk: 1} if number == 2 else {})
        ship_order(
            order_number=order.number, carrier="sf", tracking_no=f"SF{number}", pieces=parcel, at=at
        )
    shipment = order.shipments.get(tracking_no="SF2")
    for hour, place in enumerate(("Hangzhou", "Shanghai"), 1):
        record_trace(
            shipment_number=shipment.number,
            code="transit",
            at=at + timedelta(hours=hour),
            place=place,
        )
    with browser() as running:
        hands = hands_of(running, live_server, shopper)
        hands.go(f"/en/orders/{order.number}/")
        parcels = hands.page.locator("section.panel:has(.parcel__goods)")
        told = [parcels.nth(place).inner_text() for place in range(parcels.count())]

        assert [("SF1" in words, words.count("×")) for words in told] == [(True, 1), (False, 2)]
        assert told[1].index("Shanghai") < told[1].index("Hangzhou")
        hands.shoot("delivery-parcels")
        hands.go(f"/orders/{order.number}/")
        hands.shoot("delivery-parcels-zh")
        assert hands.complaints == []


def test_O_40_a_risky_payment_asks_for_a_code_and_goes_on(shopper, lamp, live_server):
    at = clock.now()
    order = make_order(member=shopper, sku=lamp, at=at)
    save_risk_policy(changes={"many_pieces": 1, "many_score": 50}, actor=make_operator(), at=at)
    with browser() as running:
        hands = hands_of(running, live_server, shopper)
        cashier = f"/en/orders/{order.number}/pay/"
        hands.go(cashier)
        hands.click("form button.btn--lg")
        hands.page.wait_for_url("**/en/verify/**")
        assert not Payment.objects.exists()
        hands.shoot("delivery-verify")
        hands.click("[data-sms-code]")
        hands.shows("[data-sms-code][disabled]")
        hands.page.fill("[name=code]", last_sms_code(shopper.account.phone) or "")
        hands.follow("#verify button.btn--lg", cashier)
        hands.click("form button.btn--lg")
        hands.page.wait_for_url("**/sandbox/cashier/**")
        hands.click("button[name=result][value=success]")
        hands.click("a[href^='/en/pay/']")
        hands.shows(".outcome--succeeded")

        assert hands.complaints == []
    order.refresh_from_db()
    assert order.status == Order.Status.PAID
