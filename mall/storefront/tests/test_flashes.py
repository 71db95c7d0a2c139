"""The page of flash sales, a flash sale on its product's page, and the way to an order."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import checkout_form, make_goods, make_shopper, signed_in
from orders.models import Order
from orders.testing import make_flash_order, make_flash_sale
from promotions.models import FlashReminder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh_redis():
    cache.clear()


def text_of(response):
    return response.content.decode()


def sale(name="山茶花礼盒", **values):
    return make_flash_sale(make_goods(name, price_fen=10_000).skus.get(), at=clock.now(), **values)


def to_come():
    soon = clock.now() + timedelta(hours=3)
    return sale(starts_at=soon, ends_at=soon + timedelta(hours=1))


def test_P_19_the_page_tells_price_progress_limit_and_time():
    campaign = sale(quota=4)
    make_flash_order(campaign, at=clock.now())

    page = text_of(Client().get("/en/flash/"))

    assert "Buy for ¥50" in page
    assert '<progress class="bar" value="25" max="100">' in page
    assert "Only 3 left" in page
    assert "1 piece per person" in page
    assert "Ends in" in page


def test_P_20_the_countdown_starts_from_the_servers_time():
    campaign = sale()

    page = text_of(Client().get("/flash/"))

    assert f'data-ends="{campaign.ends_at.isoformat()}"' in page
    assert 'data-now="' in page


def test_without_a_flash_sale_the_page_says_so():
    assert "No flash sale just now" in text_of(Client().get("/en/flash/"))


def test_P_22_a_sale_to_come_is_previewed_and_reminds_who_asks():
    campaign = to_come()
    shopper = make_shopper()
    browser = signed_in(shopper)
    assert "Remind me" in text_of(browser.get("/en/flash/"))

    browser.post(f"/en/flash/{campaign.pk}/reminder/", {"next": "/en/flash/"})

    assert FlashReminder.objects.get().member_id == shopper.pk
    assert "You will be reminded" in text_of(browser.get("/en/flash/"))
    browser.post(f"/en/flash/{campaign.pk}/reminder/", {"do": "drop", "next": "/en/flash/"})
    assert not FlashReminder.objects.exists()


def test_a_guest_who_wants_to_be_reminded_signs_in_first():
    campaign = to_come()

    answer = Client().post(f"/flash/{campaign.pk}/reminder/")

    assert answer.status_code == 302
    assert "/login/" in answer["Location"]
    assert not FlashReminder.objects.exists()


def test_the_page_asks_as_often_for_ten_sales_as_for_two():
    sale()
    browser = Client()
    browser.get("/flash/")
    sale("二")
    with count_queries() as few:
        browser.get("/flash/")
    for number in range(8):
        sale(f"货{number}")

    with count_queries() as many:
        browser.get("/flash/")

    assert len(few) == len(many)


def test_its_product_page_shows_badge_countdown_and_the_button():
    campaign = sale()
    sku = campaign.items.get().sku

    page = Client().get(f"/en/product/{sku.product_id}/")

    offer = next(row for row in page.context["activities"] if row["kind"] == "flash")
    assert (offer["item"].price_fen, offer["is_on"]) == (5_000, True)
    assert offer["buy_url"] in text_of(page).replace("&amp;", "&")


def test_a_shopper_buys_in_the_sale_and_the_second_one_hears_that_it_is_gone():
    campaign = sale(quota=1)
    offer = {"offer": f"flash:{campaign.pk}", "sku_id": campaign.items.get().sku_id}
    first, second = signed_in(make_shopper()), signed_in(make_shopper())
    seen = [checkout_form(browser.get("/en/checkout/", offer)) for browser in (first, second)]

    bought = first.post("/en/checkout/", seen[0])
    late = second.post("/en/checkout/", seen[1])

    assert bought.status_code == 302
    assert Order.objects.get().offer_kind == "flash"
    assert "Sold out in this offer" in text_of(late)


def test_P_20_the_home_page_counts_down_the_sale_that_is_on_and_shows_what_is_taken():
    campaign = sale(quota=4)
    make_flash_order(campaign, at=clock.now())

    page = Client().get("/en/")

    block = next(row for row in page.context["blocks"] if row["kind"] == "flash")
    assert (block["ends_at"], block["url"]) == (campaign.ends_at, "/en/flash/")
    [item] = block["items"]
    assert (item["card"]["price_fen"], item["taken_percent"], item["left"]) == (5_000, 25, 3)
    assert f'data-ends="{campaign.ends_at.isoformat()}"' in text_of(page)
