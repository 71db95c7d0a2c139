"""Two operators at one thing: the second is told, and overwrites nothing (F-36, F-37)."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from catalog.models import Product
from catalog.services import change_sku
from catalog.testing import make_product
from mall.console.testing import client_of
from members.testing import make_operator
from orders.testing import NOON
from promotions.models import Campaign, Coupon
from promotions.testing import make_coupon, make_threshold_off

pytestmark = pytest.mark.django_db
CHANGED_SINCE = "Somebody else has changed this since you opened it."


def is_sent(told):
    kind = told.get("type")
    return "checked" in told if kind in {"checkbox", "radio"} else kind not in {"submit", "file"}


class FormReader(HTMLParser):
    """What a browser would send of a page's form, every field as it stands."""

    def __init__(self, page):
        super().__init__()
        self.values, self.select, self.text = {}, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        name = told.get("name")
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in told:
            self.values.setdefault(self.select, []).append(told.get("value", ""))
        elif tag == "textarea":
            self.text = name
            self.values[name] = [""]
        elif tag == "input" and name and is_sent(told):
            usual = "on" if told.get("type") == "checkbox" else ""
            self.values.setdefault(name, []).append(told.get("value", usual))

    def handle_data(self, data):
        if self.text:
            self.values[self.text] = [self.values[self.text][0] + data.removeprefix("\n")]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.text = None


def a_coupon():
    return make_coupon(title_zh="红富士", status="draft")


def a_campaign():
    return make_threshold_off(title_zh="红富士", status="draft")


def a_product():
    return make_product(title_zh="红富士", skus=2, price_fen=9_900)


EDITED = [(Coupon, a_coupon), (Campaign, a_campaign), (Product, a_product)]


def page_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def opened(client, row):
    """The form of ``row`` as ``client`` sees it now."""
    answer = client.get(page_of(row))
    return {
        name: values
        for name, values in FormReader(answer.content.decode()).values.items()
        if not name.startswith(("_", "action", "csrf"))
    }


def save(client, row, form, title):
    return client.post(page_of(row), {**form, "title_zh": title, "_save": "1"})


@pytest.mark.parametrize(("model", "make"), EDITED)
def test_F_37_of_two_who_edit_the_same_thing_the_second_is_told(model, make):
    row = make()
    first, second = client_of(make_operator()), client_of(make_operator())
    seen_by_both = opened(first, row), opened(second, row)

    kept = save(first, row, seen_by_both[0], "嘎啦")
    refused = save(second, row, seen_by_both[1], "国光")

    assert kept.status_code == 302, kept.context["adminform"].form.errors
    assert (refused.status_code, CHANGED_SINCE in refused.content.decode()) == (200, True)
    assert model.objects.get(pk=row.pk).title_zh == "嘎啦"
    again = save(second, row, opened(second, row), "国光")
    assert again.status_code == 302
    assert model.objects.get(pk=row.pk).title_zh == "国光"


@pytest.mark.parametrize(("model", "make"), EDITED)
def test_control_F_37_a_form_that_says_no_version_overwrites(model, make):
    row = make()
    first, second = client_of(make_operator()), client_of(make_operator())
    seen_by_both = opened(first, row), opened(second, row)
    seen_by_both[1].pop("seen_version")

    save(first, row, seen_by_both[0], "嘎啦")
    save(second, row, seen_by_both[1], "国光")

    assert model.objects.get(pk=row.pk).title_zh == "国光"


@pytest.fixture
def product():
    return a_product()


def test_F_37_a_price_changed_meanwhile_is_not_put_back_by_an_open_form(product):
    first, second = client_of(make_operator()), client_of(make_operator())
    dearer, stale = opened(first, product), opened(second, product)
    dearer |= {"skus-0-price_fen": ["105.00"], "skus-0-list_price_fen": ["105.00"]}

    kept = save(first, product, dearer, "红富士")
    refused = save(second, product, stale, "国光")

    assert kept.status_code == 302, kept.context["inline_admin_formsets"][0].formset.errors
    assert (refused.status_code, CHANGED_SINCE in refused.content.decode()) == (200, True)
    assert prices_and_title(product) == ([10_500, 9_900], "红富士")


def test_F_37_a_price_changed_in_the_list_of_prices_is_not_put_back_either(product):
    client = client_of(make_operator())
    stale = opened(client, product)
    sku = product.skus.order_by("pk")[0]
    change_sku(sku_id=sku.pk, values={"price_fen": 9_500}, at=NOON)

    refused = save(client, product, stale, "国光")

    assert (refused.status_code, CHANGED_SINCE in refused.content.decode()) == (200, True)
    assert prices_and_title(product) == ([9_500, 9_900], "红富士")


def prices_and_title(product):
    prices = product.skus.order_by("pk").values_list("price_fen", flat=True)
    return list(prices), Product.objects.get(pk=product.pk).title_zh
