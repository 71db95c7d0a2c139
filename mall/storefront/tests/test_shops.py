"""X-57: goods of several shops stand shop by shop with each one's freight; of one shop, as ever."""

import pytest

from catalog.testing import make_freight_template, make_shop
from mall.kernel.testing.queries import count_queries
from mall.storefront.receipts import slip
from mall.storefront.tests.shop import checkout_form, make_goods, make_shopper, signed_in
from orders.models import Order
from promotions.testing import make_threshold_off

pytestmark = pytest.mark.django_db
SHANGHAI_PUDONG = "310115"


@pytest.fixture
def shopper():
    return signed_in(make_shopper(), HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def teahouse():
    return make_shop(title_zh="茶馆", title_en="Teahouse")


def put_in(browser, **values):
    sku = make_goods(**values).skus.get()
    browser.post("/cart/add/", {"sku_id": sku.pk, "quantity": "1"})
    return sku


def heads(context):
    return [
        (group["shop"]["title"], group["shop"]["freight_fen"], len(group["lines"]))
        for group in context["cart"]["groups"]
        if "shop" in group
    ]


def heads_of(browser):
    return heads(browser.get("/cart/").context)


def freight_rows(quote):
    return [(row.label, row.amount_fen) for row in slip(quote).rows if row.kind == "freight"]


def test_X_57_a_cart_of_two_shops_shows_two_groups_freight_by_shop_and_one_offer_across(
    shopper, teahouse
):
    """Freight is ¥5 a shop, though one template sends both: 500 g each would be ¥5 together."""
    make_threshold_off(steps=((6_000, 1_000),))
    template = make_freight_template()
    put_in(shopper, title_zh="相机", price_fen=3_000, freight_template=template)
    put_in(shopper, title_zh="龙井", price_fen=3_000, freight_template=template, shop=teahouse)

    page = shopper.get("/en/cart/")
    cart = page.context["cart"]

    assert sorted(heads(page.context)) == [("Our own shop", 500, 1), ("Teahouse", 500, 1)]
    assert len(cart["groups"]) == 2
    assert [rule["text"] for rule in cart["across"]] == ["Reached: ¥10.00 off"]
    assert [group["rule"] for group in cart["groups"]] == [None, None]
    offers = [row for row in slip(cart["quote"]).rows if row.lane == "order_offer"]
    assert [(row.amount_fen, row.lines) for row in offers] == [(-1_000, 2)]
    assert freight_rows(cart["quote"]) == [("Our own shop", 500), ("Teahouse", 500)]
    assert cart["quote"]["payable_fen"] == 6_000 - 1_000 + 1_000
    shown = page.content.decode()
    assert shown.count("freight ¥5") == 2
    assert "across shops" in shown


def test_a_cart_of_one_shop_shows_no_shop_and_its_freight_all_the_same(shopper):
    make_threshold_off(steps=((6_000, 1_000),))
    put_in(shopper, title_zh="相机", price_fen=3_000)
    put_in(shopper, title_zh="手机", price_fen=3_000)

    page = shopper.get("/en/cart/")

    assert (heads(page.context), page.context["cart"]["across"]) == ([], [])
    assert page.context["cart"]["groups"][0]["rule"] is not None
    assert page.context["cart"]["quote"]["freight"]["reason_code"] == "charged"
    assert page.context["cart"]["quote"]["payable_fen"] == 6_000 - 1_000 + 2 * 500
    assert "shop-head" not in page.content.decode()
    assert "Needs an address" not in page.content.decode()


def test_a_guest_sees_the_shops_and_no_freight_without_an_address(client, teahouse):
    put_in(client, title_zh="相机")
    put_in(client, title_zh="龙井", shop=teahouse)

    page = client.get("/en/cart/")

    assert sorted(heads(page.context)) == [("Our own shop", None, 1), ("Teahouse", None, 1)]


def test_a_region_that_a_guest_chose_prices_the_way_of_one_shop_and_of_two(client, teahouse):
    client.cookies["region"] = SHANGHAI_PUDONG
    put_in(client, title_zh="相机", price_fen=3_000)
    alone = client.get("/en/cart/")
    put_in(client, title_zh="龙井", price_fen=3_000, shop=teahouse)

    together = client.get("/en/cart/")

    assert slip(alone.context["cart"]["quote"]).rows[-1].amount_fen == 500
    assert sorted(heads(together.context)) == [("Our own shop", 500, 1), ("Teahouse", 500, 1)]
    assert "Needs an address" not in alone.content.decode() + together.content.decode()
    client.cookies["region"] = ""
    assert "Needs an address" in client.get("/en/cart/").content.decode()


def test_the_checkout_shows_the_shops_and_the_order_pays_the_sum_of_their_freights(
    shopper, teahouse
):
    put_in(shopper, title_zh="相机", price_fen=3_000)
    put_in(shopper, title_zh="龙井", price_fen=3_000, shop=teahouse)

    page = shopper.get("/en/checkout/")
    shown = [(line["shop"]["title"], line["shop"]["freight_fen"]) for line in page.context["lines"]]
    shopper.post("/en/checkout/", checkout_form(page, do="place"))

    assert sorted(shown) == [("Our own shop", 500), ("Teahouse", 500)]
    order = Order.objects.get()
    assert (order.freight_fen, order.payable_fen) == (1_000, 7_000)


def test_X_57_the_placed_order_keeps_each_shops_freight_on_its_receipt(shopper, teahouse):
    put_in(shopper, title_zh="相机", price_fen=3_000)
    put_in(shopper, title_zh="龙井", price_fen=3_000, shop=teahouse)
    page = shopper.get("/en/checkout/")
    shopper.post("/en/checkout/", checkout_form(page, do="place"))
    teahouse.title_en = "Renamed since"
    teahouse.save(update_fields=["title_en"])

    order = shopper.get(f"/en/orders/{Order.objects.get().number}/").context["order"]

    assert sorted(freight_rows(order)) == [("Our own shop", 500), ("Teahouse", 500)]
    assert sum(shop["freight_fen"] for shop in order["freight"]["shops"]) == order["freight_fen"]


def test_the_cart_asks_as_often_for_two_shops_as_for_six(shopper, teahouse):
    put_in(shopper, title_zh="相机")
    put_in(shopper, title_zh="龙井", shop=teahouse)
    shopper.get("/cart/")
    with count_queries() as few:
        shopper.get("/cart/")
    for _number in range(4):
        put_in(shopper, shop=make_shop())

    with count_queries() as many:
        shopper.get("/cart/")

    assert len(heads_of(shopper)) == 6
    assert len(many) == len(few)
