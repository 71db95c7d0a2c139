"""What pages say of arrival, returns and safety, and what a region sees (O-52, O-54, C-71)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from catalog.models import Category, RegionSet
from catalog.testing import make_freight_template
from inventory.models import Warehouse
from inventory.testing import make_stock
from mall.kernel import clock
from mall.kernel.money import yuan
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in
from orders.models import AfterSalePolicy
from orders.testing import make_order

pytestmark = pytest.mark.django_db
SHANGHAI, HANGZHOU, XINJIANG = "3101", "3301", "6501"
CUT_OFF = ((3, 59), (4, 1))
"""A minute before and after 12:00 in Shanghai. Units: hour and minute UTC."""


@pytest.fixture(autouse=True)
def _words():
    make_words()


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_city_is_chosen_and_remembered(client):
    shown = text(client.get("/region/"))
    answer = client.post("/region/", {"region": HANGZHOU, "next": "/categories/"})

    assert "杭州市" in shown
    assert (answer.status_code, answer.url) == (302, "/categories/")
    assert client.cookies["region"].value == HANGZHOU
    assert "杭州市" in text(client.get("/categories/"))
    client.post("/region/", {"region": ""})
    assert client.cookies["region"].value == ""


@pytest.mark.parametrize("code", ["99", "abc", "3301; DROP", "１１"])
def test_a_city_that_is_none_is_not_remembered(client, code):
    answer = client.post("/region/", {"region": code, "next": "//evil.example/"})

    assert (answer.status_code, answer.url) == (302, "/")
    assert "region" not in client.cookies


def test_choosing_a_city_asks_the_database_nothing_of_its_own(client):
    client.get("/region/")

    with count_queries(at_most=2):
        text(client.get("/region/"))


def test_O_52_the_page_of_a_product_promises_for_the_chosen_city(client):
    product = make_goods()
    page = f"/en/product/{product.pk}/"
    before, after = (datetime(2027, 6, 1, hour, minute, tzinfo=UTC) for hour, minute in CUT_OFF)

    client.cookies["region"] = HANGZHOU
    with time_machine.travel(before, tick=False):
        today = text(client.get(page))
    with time_machine.travel(after, tick=False):
        tomorrow = text(client.get(page))
        client.cookies["region"] = XINJIANG
        far = text(client.get(page))

    assert "Same-day delivery: pay before 12:00, arrives by June 1" in today
    assert "Next-day delivery: arrives by June 2" in tomorrow
    assert "72" in far


def test_a_city_costs_the_page_of_a_product_no_statement(client):
    product = make_goods()
    url = f"/product/{product.pk}/"
    client.get(url)

    with count_queries() as plain:
        client.get(url)
    client.cookies["region"] = HANGZHOU
    with count_queries() as chosen:
        client.get(url)

    assert len(plain) == len(chosen)


def test_C_71_lists_search_and_home_of_a_region_leave_out_what_is_not_sold_there(client):
    product = make_goods("江南米醋")
    product.sold_in.set(RegionSet.objects.filter(code="east"))
    category = Category.objects.get(pk=product.category_id)
    pages = ["/", "/search/?q=江南米醋", f"/category/{category.slug}/"]

    client.cookies["region"] = SHANGHAI
    assert all(f"/product/{product.pk}/" in text(client.get(page)) for page in pages)
    client.cookies["region"] = XINJIANG
    assert all(f"/product/{product.pk}/" not in text(client.get(page)) for page in pages)
    asked = text(client.get(f"/category/{category.slug}/?region={SHANGHAI}"))
    assert f"/product/{product.pk}/" in asked


def test_O_54_the_pay_page_shows_returns_arrival_freight_and_safety():
    member = make_shopper()
    order = make_order(member=member, at=clock.now())

    page = signed_in(member).get(f"/orders/{order.number}/pay/")

    rows = page.context["assurances"]
    assert [row["icon"] for row in rows] == ["box", "truck", "back7", "lock"]
    titles = [row["title"] for row in rows]
    assert any(word in titles[2] for word in ("7天无理由", "7-day"))
    assert text(page).count(titles[1]) == 1
    assert rows[1]["line"] == ""
    assert f'<b class="num">¥{yuan(order.payable_fen)}</b>' in text(page)
    assert text(page).count('<section class="receipt"') == 1


def test_O_54_the_checkout_says_the_same_and_names_what_cannot_come_back():
    member, product = make_shopper(), make_goods()
    sku = product.skus.get()
    client = signed_in(member)

    free = client.get("/checkout/", {"sku_id": sku.pk, "quantity": 1}).context["assurances"]
    AfterSalePolicy.objects.create(category=product.category, no_reason_days=0)
    strict = client.get("/checkout/", {"sku_id": sku.pk, "quantity": 1}).context["assurances"]

    assert [row["icon"] for row in free] == ["box", "truck", "back7", "lock"]
    assert free[2]["title"] != strict[2]["title"]
    assert not any(word in strict[2]["title"] for word in ("7天", "7-day"))


def test_an_order_shows_when_it_arrives():
    member = make_shopper()
    order = make_order(member=member, paid=True, at=clock.now() - timedelta(minutes=5))

    page = signed_in(member).get(f"/orders/{order.number}/")

    assert page.context["arrival"]["code"] in ("same_day", "next_day")
    assert page.context["arrival"]["text"] in text(page)


def test_without_stock_in_reach_nothing_is_promised(client):
    product = make_goods()
    make_stock(sku=product.skus.get(), on_hand=1)
    Warehouse.objects.update(is_active=False)
    client.cookies["region"] = HANGZHOU

    assert client.get(f"/product/{product.pk}/").context["promise"] is None


def test_O_52_the_freight_to_the_chosen_city_stands_beside_the_promise(client):
    template = make_freight_template(first_fee_fen=600, free_over_fen=None)
    template.regions.create(region_prefix="65", first_fee_fen=2_000, step_fee_fen=900)
    product = make_goods(price_fen=3_000, freight_template=template)

    def line():
        page = client.get(f"/en/product/{product.pk}/")
        assert page.context["promise"]["line"] in page.content.decode()
        return page.context["promise"]["line"]

    assert line() == ""
    client.cookies["region"] = HANGZHOU
    assert line() == "Freight ¥6.00"
    client.cookies["region"] = XINJIANG
    assert line() == "Freight ¥20.00"


def test_O_54_checkout_and_pay_page_say_where_in_ordering_one_is():
    member, product = make_shopper(), make_goods()
    order = make_order(member=member, at=clock.now())
    client = signed_in(member)
    buy = f"/en/checkout/?sku_id={product.skus.get().pk}&quantity=1"

    for path, now in ((buy, "Check"), (f"/en/orders/{order.number}/pay/", "Pay")):
        page = text(client.get(path))
        steps = page[page.index('<ol class="way"') :].split("</ol>")[0]
        words = re.findall(r"<li[^>]*>\s*([A-Z][a-z ]+)", steps)
        assert words == ["Choose", "Check", "Pay", "Receive"]
        assert re.findall(r'aria-current="step"[^>]*>\s*([A-Z][a-z]+)', steps) == [now]
