"""checkout/quote/: the shape of api.md, laws that always hold, reasons on request, languages."""

import pytest
from django.test import Client

from catalog.testing import make_shop
from mall.api.testing import ApiClient
from mall.kernel import clock
from members.services import earn_points
from members.testing import make_address, make_member
from orders.testing import make_order, make_stocked_sku, open_sandbox_payment
from promotions.testing import make_coupon, make_grant, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def gold():
    member = make_member(tier="gold")
    make_address(member=member)
    return member


def ask(member, **body):
    answer = ApiClient.of(member).post_json("checkout/quote/", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_laws_of_a_quote_hold_with_every_lane_in_it(gold):
    sku, other = make_stocked_sku(price_fen=20_000), make_stocked_sku(price_fen=15_333)
    make_sale(prices={sku.pk: 18_000})
    make_threshold_off(steps=((30_000, 5_000),))
    grant = make_grant(member=gold, coupon=make_coupon(off_fen=2_000))
    earn_points(member_id=gold.pk, points=5_000, source_type="test", source_id="1", at=clock.now())

    quote = ask(
        gold,
        lines=[{"sku_id": sku.pk, "quantity": 2}, {"sku_id": other.pk, "quantity": 1}],
        address_id=gold.addresses.get().pk,
        coupon_grant_ids=[grant.pk],
        points=1_000,
    )

    for line in quote["lines"]:
        off = sum(step["amount_fen"] for step in line["steps"])
        assert line["list_fen"] - off == line["payable_fen"]
        assert line["why_not"] is None
    freight = quote["freight"]
    off = sum(step["amount_fen"] for step in freight["steps"])
    assert freight["base_fen"] - off == quote["freight_fen"] == 0
    assert quote["goods_fen"] == sum(line["list_fen"] for line in quote["lines"])
    total = quote["goods_fen"] - quote["discount_fen"] + quote["freight_fen"]
    assert total == quote["payable_fen"] == quote["pay_now_fen"]
    assert (quote["points"]["used"], quote["points"]["amount_fen"]) == (1_000, 1_000)
    assert (quote["currency"], quote["near_offers"], quote["usable_coupons"]) == ("CNY", None, None)
    labels = {step["lane"]: step["label"] for line in quote["lines"] for step in line["steps"]}
    assert labels == {
        "unit_price": "Sale price",
        "order_offer": "¥50 off from ¥300",
        "tier_rate": "Gold 5% off",
        "coupon": "Coupon: ¥20 off",
        "points": "Paid with points",
    }


def test_X_57_the_quote_says_each_lines_shop_and_each_shops_freight(gold):
    own, other = make_stocked_sku(price_fen=9_000), make_stocked_sku(price_fen=8_000)
    shop = make_shop(title_en="Teahouse")
    other.product.shop = shop
    other.product.save(update_fields=["shop"])

    quote = ask(
        gold,
        lines=[{"sku_id": sku.pk, "quantity": 1} for sku in (own, other)],
        region_code="110101001",
    )

    assert [line["shop"]["title"] for line in quote["lines"]] == ["Our own shop", "Teahouse"]
    shops = quote["freight"]["shops"]
    assert [part["title"] for part in shops] == ["Our own shop", "Teahouse"]
    assert sum(part["base_fen"] for part in shops) == quote["freight"]["base_fen"] > 0
    assert sum(part["freight_fen"] for part in shops) == quote["freight_fen"]


def test_what_is_nearly_reached_and_why_the_rest_did_not_apply(gold):
    make_threshold_off(steps=((30_000, 5_000),))
    good = make_grant(member=gold, coupon=make_coupon(off_fen=1_000))
    far = make_grant(member=gold, coupon=make_coupon(off_fen=9_000, threshold_fen=90_000))

    quote = ask(
        gold,
        lines=[{"sku_id": make_stocked_sku(price_fen=28_800).pk, "quantity": 1}],
        auto_coupons=True,
        explain=["why_not", "near_offers", "coupons"],
    )

    (near,) = [offer for offer in quote["near_offers"] if offer["kind"] == "threshold_off"]
    assert (near["missing_fen"], near["off_fen"]) == (1_200, 5_000)
    (why,) = [why for why in quote["lines"][0]["why_not"] if why["kind"] == "threshold_off"]
    assert (why["reason_code"], why["reason"]) == ("threshold_not_reached", "¥12 more are needed")
    assert quote["coupon_grant_ids"] == [good.pk]
    assert [grant["id"] for grant in quote["usable_coupons"]] == [good.pk]
    (unusable,) = quote["unusable_coupons"]
    assert (unusable["id"], unusable["reason_code"]) == (far.pk, "threshold_not_reached")
    freight = quote["freight"]
    assert (freight["reason_code"], freight["base_fen"]) == ("region_needed", 0)


def test_the_hash_is_about_the_price_and_not_about_the_time_or_the_language(gold):
    body = {"lines": [{"sku_id": make_stocked_sku().pk, "quantity": 1}], "region_code": "330106"}
    client = ApiClient.of(gold)

    english = client.post_json("checkout/quote/", body)
    chinese = client.post_json("checkout/quote/", body, **{"Accept-Language": "zh-hans"})
    elsewhere = client.post_json("checkout/quote/", body | {"region_code": "110105"})

    assert english.json()["quote_hash"] == chinese.json()["quote_hash"]
    assert english.json()["quote_hash"] != elsewhere.json()["quote_hash"]
    assert (english.headers["Content-Language"], chinese.headers["Content-Language"]) == (
        "en",
        "zh-hans",
    )


@pytest.mark.parametrize("result", ["success", "fail"])
def test_the_cashiers_page_shows_the_sum_and_takes_a_form(result):
    payment = open_sandbox_payment(make_order(at=clock.now()), at=clock.now())
    path = f"/sandbox/cashier/{payment.payment_no}/"
    client = Client(enforce_csrf_checks=True)

    page = client.get(path)
    assert page.status_code == 200
    assert payment.payment_no in page.content.decode()
    paid = client.post(path, {"result": result, "fault": ""})

    assert paid.status_code == 200
    payment.refresh_from_db()
    assert payment.status == {"success": "succeeded", "fail": "failed"}[result]
