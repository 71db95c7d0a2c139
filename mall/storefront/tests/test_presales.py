"""The page of presales, a presale on its product's page, and the way to its deposit."""

import pytest
from django.test import Client

from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import checkout_form, make_goods, make_shopper, signed_in
from orders.models import Order
from orders.services import close_order
from orders.testing import make_order, make_presale, offered
from promotions.models import ActivityItem

pytestmark = pytest.mark.django_db(transaction=True)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def presale():
    """¥200 with a deposit of ¥20 that counts as ¥50, of goods on the shelf."""
    sku = make_goods("山茶花礼盒", price_fen=20_000).skus.get()
    return make_presale(sku=sku, at=clock.now())


def test_P_31_a_presale_tells_price_deposit_balance_and_what_is_left(presale):
    page = text_of(Client().get("/en/presale/"))

    assert "¥20, counts as ¥50" in page
    assert "¥150, from" in page
    assert "20 of 20 left" in page


def test_without_a_presale_the_page_says_so():
    assert "No presale just now" in text_of(Client().get("/en/presale/"))


def test_the_page_of_presales_asks_as_often_for_ten_goods_as_for_two(presale):
    browser = Client()
    browser.get("/presale/")
    make_presale(sku=make_goods("二").skus.get(), at=clock.now())
    with count_queries() as few:
        browser.get("/presale/")
    for number in range(8):
        make_presale(sku=make_goods(f"货{number}").skus.get(), at=clock.now())

    with count_queries() as many:
        browser.get("/presale/")

    assert len(few) == len(many)


def test_its_product_page_offers_it_and_leads_to_the_checkout(presale):
    item = ActivityItem.objects.select_related("sku").get(campaign=presale)
    page = Client().get(f"/en/product/{item.sku.product_id}/")

    offer = page.context["activities"][0]
    assert (offer["kind"], offer["item"].total_fen, offer["item"].balance_fen) == (
        "presale",
        17_000,
        15_000,
    )
    assert f"offer=presale%3A{presale.pk}" in offer["buy_url"]
    assert "Pay the deposit of ¥20" in text_of(page)


def test_the_checkout_orders_it_and_the_cashier_asks_for_the_deposit(presale):
    item = ActivityItem.objects.get(campaign=presale)
    browser = signed_in(make_shopper())
    query = {"sku_id": item.sku_id, "quantity": 1, "offer": f"presale:{presale.pk}"}
    page = browser.get("/en/checkout/", query)
    assert page.context["quote"]["pay_now_fen"] == 2_000

    answer = browser.post("/en/checkout/", {**checkout_form(page), "do": "place"})

    order = Order.objects.get()
    assert (order.offer_kind, order.deposit_fen) == ("presale", 2_000)
    cashier = browser.get(answer.url)
    assert cashier.context["order"]["due_fen"] == 2_000
    assert "Deposit to pay" in text_of(cashier)


def test_O_32_the_page_of_the_order_tells_the_day_it_leaves(presale):
    item = ActivityItem.objects.get(campaign=presale)
    shopper = make_shopper()
    order = make_order(member=shopper, wanted=(offered(item),), at=clock.now())
    plain = make_order(member=shopper, at=clock.now())
    browser = signed_in(shopper)

    facts = text_of(browser.get(f"/en/orders/{order.number}/"))

    assert "<dt>Leaves on</dt><dd>10 Dec</dd>" in "".join(map(str.strip, facts.split("\n")))
    assert "Leaves on" not in text_of(browser.get(f"/en/orders/{plain.number}/"))


def test_the_page_of_an_order_that_never_leaves_tells_no_day(presale):
    item = ActivityItem.objects.get(campaign=presale)
    shopper = make_shopper()
    order = make_order(member=shopper, wanted=(offered(item),), at=clock.now())
    browser, url = signed_in(shopper), f"/en/orders/{order.number}/"

    Order.objects.filter(pk=order.pk).update(stage="closing")
    assert "Leaves on" not in text_of(browser.get(url))
    Order.objects.filter(pk=order.pk).update(stage="")
    close_order(order_id=order.pk, reason="buyer", at=clock.now())
    page = text_of(browser.get(url))

    order.refresh_from_db()
    assert order.status == "closed"
    assert "Leaves on" not in page


def test_an_offer_that_does_not_exist_is_said_and_orders_nothing(presale):
    item = ActivityItem.objects.get(campaign=presale)
    browser = signed_in(make_shopper())

    for offer in ("presale:999999", "presale:x", "holiday:1", "presale:" + "9" * 40):
        answer = browser.get("/checkout/", {"sku_id": item.sku_id, "offer": offer})
        assert answer.status_code in (302, 404)
    assert not Order.objects.exists()


@pytest.mark.parametrize("room", ["flash", "group", "bargain", "presale"])
def test_the_pages_of_activities_lead_to_one_another(room):
    page = Client().get(f"/{room}/")

    deals = page.context["shell"]["deals"]
    assert [deal["url"] for deal in deals] == ["/flash/", "/group/", "/bargain/", "/presale/"]
    assert [deal["url"] for deal in deals if deal["current"]] == [f"/{room}/"]
    assert all(f'href="{deal["url"]}"' in text_of(page) for deal in deals)
