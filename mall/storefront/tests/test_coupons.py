"""The coupon centre's pages: claim, redeem, share, and what they say when it does not work."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from mall.kernel import clock
from mall.storefront.tests.shop import make_shopper, signed_in, words
from orders.testing import make_order
from promotions.models import (
    CodeBatch,
    CouponGrant,
    DeedRecord,
    DeedRule,
    LiveSession,
    ShareCredit,
    ShareLink,
    ShareRule,
)
from promotions.services import order_codes
from promotions.testing import ENDS_AT, STARTS_AT, make_coupon

pytestmark = pytest.mark.django_db
NEAR = {"near_latitude": "30.246100", "near_longitude": "120.155100", "near_metres": 3_000}


@pytest.fixture(autouse=True)
def _english():
    cache.clear()
    DeedRule.objects.all().delete()
    with translation.override("en"):
        yield


@pytest.fixture
def shopper():
    return make_shopper()


@pytest.fixture
def client(shopper):
    return signed_in(shopper)


def page(name, *args):
    return reverse(f"storefront:{name}", args=args)


def claim(client, coupon, **position):
    back = {"Referer": f"http://testserver{page('coupons')}"}
    address = page("coupon_claim", coupon.pk)
    return client.post(address, position, follow=True, headers=back)


def test_the_centre_says_what_a_coupon_asks_for(client):
    at = clock.now()
    session = LiveSession.objects.create(
        title_zh="直播",
        title_en="Live",
        starts_at=at + timedelta(hours=1),
        ends_at=at + timedelta(hours=2),
    )
    make_coupon(live_session=session)
    make_coupon(**NEAR)
    make_coupon(is_first_order=True)

    html = client.get(page("coupons")).content.decode()

    assert "In the live session" in html
    assert "Not yet" in html
    assert "For people within 3000 m" in html
    assert "data-near" in html
    assert "First order" in html


def test_who_says_where_they_are_claims_the_coupon_nearby(client):
    coupon = make_coupon(**NEAR)

    silent = claim(client, coupon)
    far = claim(client, coupon, latitude="30.28", longitude="120.1551")
    nowhere = claim(client, coupon, latitude="x", longitude="999")
    assert not CouponGrant.objects.exists()
    near = claim(client, coupon, latitude="30.2722", longitude="120.1551")

    assert any("share your position" in word for word in words(silent))
    assert any("within 3000 m" in word for word in words(far))
    assert any("share your position" in word for word in words(nowhere))
    assert words(near) == ["The coupon is yours."]


def welfare():
    batch = CodeBatch(
        coupon=make_coupon(is_claimable=False),
        title="社群",
        shape="shared",
        pieces=2,
        starts_at=STARTS_AT,
        ends_at=ENDS_AT,
    )
    return order_codes(batch=batch, word="FULI2026", at=clock.now())


def test_a_groups_link_brings_the_code_and_is_remembered_with_the_coupon(client):
    welfare()

    html = client.get(page("coupon_redeem") + "?code=FULI2026&from=group-12").content.decode()
    assert 'value="FULI2026"' in html
    assert 'value="group-12"' in html
    answer = client.post(page("coupon_redeem"), {"code": "fuli2026", "channel": "group-12"})

    assert (answer.status_code, answer.url) == (302, page("my_coupons"))
    assert CouponGrant.objects.get().channel == "group-12"


def test_a_code_that_does_not_work_says_why_beside_the_field(client):
    welfare()
    client.post(page("coupon_redeem"), {"code": "FULI2026"})

    unknown = client.post(page("coupon_redeem"), {"code": "NOTHING1"}).content.decode()
    again = client.post(page("coupon_redeem"), {"code": "FULI2026"}).content.decode()

    assert "This code does not exist, or is not valid now." in unknown
    assert "You already have this coupon" in again
    assert CouponGrant.objects.count() == 1


def test_a_guest_is_sent_to_sign_in_before_redeeming():
    answer = Client().post(page("coupon_redeem"), {"code": "FULI2026"})

    assert answer.status_code == 302
    assert answer.url.startswith(page("login"))


@pytest.fixture
def rule():
    return ShareRule.objects.create(
        title_zh="分享",
        title_en="Share",
        sharer_coupon=make_coupon(title_en="Thank you", per_member=9),
        visitor_coupon=make_coupon(title_en="Welcome"),
        starts_at=STARTS_AT,
        ends_at=ENDS_AT,
        is_on=True,
    )


def test_a_link_is_made_sent_and_taken_once(client, shopper, rule):
    assert "Share the shop" in client.get(page("coupons")).content.decode()
    answer = client.post(page("coupon_share"), {"path": "/coupons/"})
    link = ShareLink.objects.get()
    assert answer.url == page("coupon_visit", link.token)
    own = client.get(answer.url).content.decode()
    assert "For each friend who comes by it you get Thank you." in own

    friend = signed_in(make_shopper())
    assert "Welcome is yours when you come in." in friend.get(answer.url).content.decode()
    for _n in range(2):
        taken = friend.post(answer.url)
        assert (taken.status_code, taken.url) == (302, "/coupons/")

    assert ShareCredit.objects.get().sharer == shopper
    assert CouponGrant.objects.count() == 2


def test_looking_at_a_link_credits_nobody(client, rule):
    client.post(page("coupon_share"), {"path": "/"})
    link = ShareLink.objects.get()

    signed_in(make_shopper()).get(page("coupon_visit", link.token))
    Client().get(page("coupon_visit", link.token))

    assert not ShareCredit.objects.exists()


@pytest.mark.parametrize(
    "path", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"]
)
def test_only_pages_of_the_shop_are_shared(client, rule, path):
    client.post(page("coupon_share"), {"path": path})

    assert ShareLink.objects.get().path == "/"


def test_a_link_of_nobody_is_not_found(client):
    assert client.get(page("coupon_visit", "nobody")).status_code == 404


def test_the_device_gets_a_cookie_and_the_second_account_on_it_a_refusal():
    DeedRule.objects.create(
        deed="claim", origin="device", counts="members", most=1, first_order_only=True
    )
    coupon = make_coupon(is_first_order=True)
    first, second = signed_in(make_shopper()), signed_in(make_shopper())
    first.get(page("coupons"))
    cookie = first.cookies["device"]
    assert cookie["httponly"]
    assert len(cookie.value) == 22
    second.cookies["device"] = cookie.value

    assert words(claim(first, coupon)) == ["The coupon is yours."]
    refused = claim(second, coupon)

    assert any(word.startswith("Too often from one device") for word in words(refused))
    assert CouponGrant.objects.count() == 1
    assert DeedRecord.objects.filter(refused="deed_refused").count() == 1


def welcomed(client):
    return "for your first order." in client.get(page("home")).content.decode()


def test_P_04_a_newcomer_is_offered_the_first_order_coupon_once_a_day(client, shopper):
    coupon = make_coupon(is_first_order=True, off_fen=1_000)
    guest = Client(headers={"accept-language": "en"})

    assert "Register and claim" in guest.get(page("home")).content.decode()
    assert not welcomed(guest)
    assert welcomed(client)
    assert not welcomed(client)

    again = signed_in(shopper)
    assert welcomed(again)
    assert words(claim(again, coupon)) == ["The coupon is yours."]
    assert not welcomed(signed_in(shopper))


def test_P_04_who_has_bought_is_no_newcomer(shopper):
    make_coupon(is_first_order=True)
    make_order(member=shopper, paid=True)

    assert not welcomed(signed_in(shopper))


@pytest.mark.parametrize("values", [{"total": 1, "issued": 1}, {"is_claimable": False}])
def test_P_04_without_a_coupon_to_claim_nobody_is_bothered(client, values):
    make_coupon(is_first_order=True, **values)

    assert not welcomed(client)
