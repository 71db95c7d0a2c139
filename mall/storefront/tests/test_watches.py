"""Asking to be told when a sold-out SKU is back, on the page (I-08)."""

import pytest
from django.test import Client

from inventory.models import StockWatch
from inventory.services import watch_sku
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper():
    make_words()
    return make_shopper()


@pytest.fixture
def browser(shopper):
    return signed_in(shopper)


@pytest.fixture
def sold_out():
    return make_goods(on_hand=0).skus.get()


def page_of(browser, sku):
    answer = browser.get(f"/en/product/{sku.product_id}/")
    assert answer.status_code == 200
    return answer


def test_I_08_the_page_of_a_sold_out_sku_takes_the_wish_and_its_end(browser, sold_out):
    assert "Tell me when it is back" in page_of(browser, sold_out).content.decode()

    answer = browser.post(f"/me/watches/{sold_out.pk}/")

    assert answer.status_code == 302
    assert StockWatch.objects.get().sku == sold_out
    page = page_of(browser, sold_out)
    assert page.context["watch"] == {"sku_id": sold_out.pk, "is_waiting": True}
    assert "Wait no longer" in page.content.decode()
    listed = browser.get("/en/me/watches/").content.decode()
    assert sold_out.code in listed

    browser.post(f"/me/watches/{sold_out.pk}/end/")
    assert not StockWatch.objects.exists()


def test_what_can_be_bought_offers_no_wish(browser):
    sku = make_goods().skus.get()

    assert page_of(browser, sku).context["watch"] is None
    browser.post(f"/me/watches/{sku.pk}/")
    assert not StockWatch.objects.exists()


def test_a_guest_is_asked_to_sign_in_first(sold_out):
    make_words()
    answer = Client().post(f"/me/watches/{sold_out.pk}/")

    assert answer.status_code == 302
    assert "/login/" in answer["Location"]
    assert not StockWatch.objects.exists()


def test_the_list_costs_the_same_for_many(browser, shopper):
    browser.get("/me/watches/")
    sizes = []
    for number in (2, 8):
        for _n in range(number):
            sku = make_goods(on_hand=0).skus.get()
            watch_sku(sku_id=sku.pk, account_id=shopper.account_id, at=clock.now())
        with count_queries() as seen:
            assert browser.get("/me/watches/").status_code == 200
        sizes.append(len(seen))
    assert sizes[0] == sizes[1]
