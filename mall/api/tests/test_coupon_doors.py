"""Coupons through the REST door: near a place, by code, by a friend's link, and not too often."""

from datetime import timedelta

import pytest

from mall.api.testing import ApiClient
from mall.kernel import clock
from members.testing import make_member
from promotions.models import (
    CodeBatch,
    CouponGrant,
    DeedRecord,
    DeedRule,
    LiveSession,
    ShareCredit,
    ShareRule,
)
from promotions.services import order_codes
from promotions.testing import ENDS_AT, STARTS_AT, make_coupon

pytestmark = pytest.mark.django_db
STORE = {"near_latitude": "30.246100", "near_longitude": "120.155100", "near_metres": 3_000}


@pytest.fixture(autouse=True)
def _clean():
    DeedRule.objects.all().delete()


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def client(member):
    return ApiClient.of(member)


def claim(client, coupon, body=None, **headers):
    return client.post_json(f"promotions/coupons/{coupon.pk}/claim/", body, key="c-1", **headers)


def test_a_claim_from_2_9_km_is_good_and_from_3_1_km_refused_with_the_distance(client):
    coupon = make_coupon(**STORE)

    far = claim(client, coupon, {"position": {"latitude": "30.273979", "longitude": 120.1551}})
    near = claim(client, coupon, {"position": {"latitude": "30.272181", "longitude": 120.1551}})

    assert (far.status_code, far.json()["code"]) == (409, "promotions.too_far_away")
    assert far.json()["detail"].startswith("You are 3100 m away")
    assert near.status_code == 201
    offer = client.get_json("promotions/coupons/").json()["results"][0]
    assert (offer["near_metres"], offer["state"]) == (3_000, "taken")


@pytest.mark.parametrize(
    "position",
    [
        {},
        {"latitude": "91", "longitude": "0"},
        {"latitude": "NaN", "longitude": "0"},
        {"latitude": "1e9", "longitude": "0"},
        {"latitude": True, "longitude": "0"},
        {"latitude": "３０", "longitude": "0"},
        {"latitude": "30", "longitude": "0", "altitude": "1"},
    ],
)
def test_what_is_no_place_on_earth_is_a_400(client, position):
    coupon = make_coupon(**STORE)

    assert claim(client, coupon, {"position": position}).status_code == 400
    assert not CouponGrant.objects.exists()


def test_a_coupon_of_a_live_session_waits_for_it(client):
    at = clock.now()
    session = LiveSession.objects.create(
        title_zh="直播",
        title_en="Live",
        starts_at=at + timedelta(hours=1),
        ends_at=at + timedelta(hours=2),
    )
    coupon = make_coupon(live_session=session)

    offer = client.get_json("promotions/coupons/").json()["results"][0]
    answer = claim(client, coupon)

    assert (offer["state"], offer["live"]["label"]) == ("later", "Live")
    assert (answer.status_code, answer.json()["code"]) == (409, "promotions.live_session_not_on")


def welfare(word="FULI2026", pieces=2):
    batch = CodeBatch(
        coupon=make_coupon(is_claimable=False),
        title="社群",
        shape="shared",
        pieces=pieces,
        starts_at=STARTS_AT,
        ends_at=ENDS_AT,
    )
    return order_codes(batch=batch, word=word, at=clock.now())


def redeem(client, key="r-1", **body):
    return client.post_json("promotions/coupons/redeem/", body, key=key)


def test_a_code_is_redeemed_once_and_its_answer_repeated(client):
    welfare()

    first = redeem(client, code="fuli2026", channel="group-12")
    again = redeem(client, code="fuli2026", channel="group-12")
    new = redeem(client, key="r-2", code="fuli2026")

    assert (first.status_code, again.json()) == (201, first.json())
    assert new.json()["code"] == "promotions.coupon_limit_reached"
    assert CouponGrant.objects.get().channel == "group-12"


@pytest.mark.parametrize("code", ["NOTHING1", "x", "福利码"])
def test_a_code_that_is_none_is_a_404_in_words(client, code):
    answer = redeem(client, code=code)

    assert (answer.status_code, answer.json()["code"]) == (404, "promotions.code_unknown")


def test_a_guest_redeems_nothing():
    welfare()

    assert redeem(ApiClient(), code="FULI2026").status_code == 401


def test_five_accounts_on_one_device_and_the_operators_can_see_it():
    DeedRule.objects.create(
        deed="claim", origin="device", counts="members", most=1, first_order_only=True
    )
    coupon = make_coupon(is_first_order=True)
    clients = [ApiClient.of(make_member()) for _n in range(5)]

    answers = [claim(client, coupon, **{"X-Device-Id": "one-phone"}) for client in clients]

    assert [answer.status_code for answer in answers] == [201, 429, 429, 429, 429]
    assert {answer.json()["code"] for answer in answers[1:]} == {"promotions.deed_refused"}
    assert CouponGrant.objects.count() == 1
    assert DeedRecord.objects.filter(refused="deed_refused").count() == 4
    other = claim(ApiClient.of(make_member()), coupon, **{"X-Device-Id": "another"})
    assert other.status_code == 201


def test_a_link_is_shared_and_each_friend_credited_once(client, member):
    ShareRule.objects.create(
        title_zh="分享",
        title_en="Share",
        sharer_coupon=make_coupon(per_member=9),
        visitor_coupon=make_coupon(),
        starts_at=STARTS_AT,
        ends_at=ENDS_AT,
        is_on=True,
    )
    link = client.post_json("promotions/shares/", {"path": "/product/1/"}).json()
    assert link["url"].endswith(f"/share/{link['token']}/")
    friend = ApiClient.of(make_member())
    visits = f"promotions/shares/{link['token']}/visits/"

    assert friend.post_json(visits).json() == {"credited": True, "path": "/product/1/"}
    assert friend.post_json(visits).json() == {"credited": False, "path": "/product/1/"}
    own = client.post_json(visits)

    assert (own.status_code, own.json()["code"]) == (409, "promotions.own_link")
    assert ShareCredit.objects.get().sharer == member
    assert client.post_json("promotions/shares/no-such/visits/").status_code == 404


def test_without_a_rule_there_is_nothing_to_share(client):
    answer = client.post_json("promotions/shares/", {"path": "/"})

    assert (answer.status_code, answer.json()["code"]) == (409, "promotions.share_not_on")
