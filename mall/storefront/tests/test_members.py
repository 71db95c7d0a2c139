"""The member's own rooms: addresses, coupons, check-in, messages, tier; empty and full."""

import pytest

from mall.kernel import clock
from mall.storefront.tests.shop import make_goods, make_shopper, signed_in, words
from members.models import Address
from members.testing import HANGZHOU, PASSWORD, make_address, make_member
from orders.services import ship_order
from orders.testing import make_order, make_received_order
from promotions.models import CouponGrant
from promotions.testing import make_coupon, make_grant

pytestmark = pytest.mark.django_db
ADDRESS = {
    "name": "林小满",
    "phone": "139 1234 5678",
    "detail": "文三路 1 号",
    "tag": "家",
    "region_1": "33",
    "region_2": "3301",
    "region_3": "330106",
    "region_4": HANGZHOU,
}


@pytest.fixture
def shopper():
    member = make_member(password=PASSWORD)
    browser = signed_in(member)
    browser.member = member
    return browser


@pytest.mark.parametrize(
    "path",
    [
        "/me/",
        "/me/points/",
        "/me/tier/",
        "/me/coupons/",
        "/me/coupons/?state=used",
        "/me/coupons/?state=nonsense",
        "/me/notifications/",
        "/me/favourites/",
        "/me/watches/",
        "/me/addresses/",
        "/orders/",
    ],
)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_room_of_a_new_member_opens(shopper, path, language):
    assert shopper.get(language + path).status_code == 200


def test_an_address_is_written_with_its_region_chosen_to_the_last_level(shopper):
    answer = shopper.post("/me/addresses/new/", {**ADDRESS, "do": "save", "next": "/checkout/"})

    assert answer.url == "/checkout/"
    row = Address.objects.get()
    assert (row.region_code, row.phone, row.is_default) == (HANGZHOU, "13912345678", True)
    shown = shopper.get("/me/addresses/").context["addresses"]
    assert shown[0]["region_names"] == ["浙江省", "杭州市", "西湖区", "北山街道"]


def test_without_script_the_cascade_opens_level_by_level(shopper):
    sent = {"do": "regions", "name": "林小满", "region_1": "33"}

    page = shopper.post("/me/addresses/new/", sent)

    levels = page.context["cascade"]["levels"]
    assert [level["value"] for level in levels] == ["33", "", "", ""]
    assert {"code": "3301", "name": "杭州市"} in levels[1]["options"]
    assert levels[2]["options"] == []
    assert page.context["form"]["name"].value() == "林小满"
    assert not page.context["cascade"]["error"]


@pytest.mark.parametrize(
    "sent",
    [
        {"region_4": ""},
        {"region_2": "4401"},
        {"region_1": "99"},
        {"region_1": "3\x003"},
        {"name": ""},
        {"name": "x" * 41},
        {"name": "a\x00b"},
        {"phone": "12345678901"},
        {"phone": ""},
        {"detail": ""},
        {"detail": "x" * 121},
        {"tag": "x" * 11},
    ],
)
def test_a_bad_address_is_not_kept_and_says_why(shopper, sent):
    page = shopper.post("/me/addresses/new/", {**ADDRESS, "do": "save", **sent})

    assert page.status_code == 200
    assert page.context["form"].errors or page.context["cascade"]["error"]
    assert not Address.objects.exists()


def test_an_address_is_changed_made_default_and_deleted(shopper):
    first = make_address(member=shopper.member)
    second = make_address(member=shopper.member, is_default=False)
    page = shopper.get(f"/me/addresses/{second.pk}/")
    assert [level["value"] for level in page.context["cascade"]["levels"]][-1] == HANGZHOU

    shopper.post(f"/me/addresses/{second.pk}/", {**ADDRESS, "do": "save", "detail": "新街 2 号"})
    shopper.post(f"/me/addresses/{second.pk}/default/")
    shopper.post(f"/me/addresses/{first.pk}/delete/")

    kept = Address.objects.get()
    assert (kept.pk, kept.detail, kept.is_default) == (second.pk, "新街 2 号", True)


@pytest.mark.parametrize("deed", ["", "default/", "delete/"])
def test_another_member_s_address_is_a_404(shopper, deed):
    foreign = make_address(member=make_member())
    path = f"/me/addresses/{foreign.pk}/{deed}"

    answer = shopper.post(path, {**ADDRESS, "do": "save"})

    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert foreign.detail == "北山街 1 号"


def test_next_of_the_address_form_leads_nowhere_else(shopper):
    answer = shopper.post(
        "/me/addresses/new/", {**ADDRESS, "do": "save", "next": "//evil.example/"}
    )

    assert answer.url == "/me/addresses/"


def test_a_coupon_is_claimed_and_then_the_member_s(shopper):
    coupon = make_coupon()
    assert shopper.get("/coupons/").context["offers"][0]["state"] == "open"

    answer = shopper.post(f"/coupons/{coupon.pk}/claim/", {"next": "/"})

    assert answer.url == "/"
    assert CouponGrant.objects.get().member_id == shopper.member.pk
    assert shopper.get("/coupons/").context["offers"][0]["state"] == "taken"
    assert len(shopper.get("/me/coupons/").context["grants"]) == 1


def test_a_coupon_that_is_gone_is_refused_with_a_sentence(shopper):
    coupon = make_coupon(total=1)
    make_grant(member=make_member(), coupon=coupon)

    answer = shopper.post(
        f"/coupons/{coupon.pk}/claim/", headers={"Referer": "http://testserver/coupons/"}
    )

    assert words(shopper.get(answer.url))
    assert not CouponGrant.objects.filter(member=shopper.member).exists()


def test_a_coupon_that_is_not_there_is_a_404(shopper):
    assert shopper.post("/coupons/99/claim/").status_code == 404


def test_a_guest_who_claims_is_sent_to_sign_in(client):
    coupon = make_coupon()

    answer = client.post(
        f"/coupons/{coupon.pk}/claim/", headers={"Referer": "http://testserver/coupons/"}
    )

    assert answer.url == "/login/?next=%2Fcoupons%2F"


def test_checking_in_counts_once_a_day(shopper):
    shopper.post("/me/check-in/")
    again = shopper.post("/me/check-in/", headers={"Referer": "http://testserver/me/"})

    assert len(words(shopper.get(again.url))) >= 1
    page = shopper.get("/me/")
    assert page.context["week"]["done"]
    assert page.context["member"]["points"] == page.context["week"]["days"][0]["points"]


def test_messages_lead_to_what_they_are_about_and_are_read_at_once(shopper):
    order = make_received_order(member=shopper.member)

    page = shopper.get("/me/notifications/")

    urls = {notice["url"] for notice in page.context["notices"]}
    assert f"/orders/{order.number}/" in urls
    assert page.context["shell"]["member"]["unread"] == len(page.context["notices"])

    shopper.post("/me/notifications/read/")

    assert shopper.get("/me/").context["member"]["unread"] == 0


def test_the_overview_counts_orders_and_shows_the_parcel(shopper):
    order = make_order(member=shopper.member, paid=True)
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=clock.now())
    make_grant(member=shopper.member, at=clock.now())
    make_goods("热卖")

    page = shopper.get("/me/")

    assert page.context["order_counts"]["to_receive"] == 1
    assert page.context["parcel"]["number"] == order.number
    assert len(page.context["ending"]) == 1
    assert [card["name"] for card in page.context["recommended"]] == ["热卖"]


def test_the_ladder_says_thresholds_and_perks_in_words(shopper):
    page = shopper.get("/en/me/tier/")

    steps = [(step["code"], step["from"]) for step in page.context["ladder"]]
    assert steps[0] == ("normal", "on joining")
    assert steps[1] == ("silver", "with the first order")
    assert isinstance(page.context["tier"]["next"]["perks"], str)
    assert "{" not in page.context["tier"]["next"]["perks"]


def test_the_default_address_is_said_at_the_head_of_every_page():
    browser = signed_in(make_shopper())

    assert browser.get("/").context["shell"]["region_label"] == "杭州市 西湖区"
