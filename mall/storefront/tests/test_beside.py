"""Below an activity stands what goes with its goods, each with a button that works (C-12)."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import RelatedProduct
from catalog.services import take_off_sale
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods, make_shopper, signed_in
from orders.models import CartLine
from orders.testing import make_flash_sale, make_group_order, make_presale
from promotions.models import Team
from promotions.testing import make_bargain, make_coupon, make_group_buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def pot():
    return make_goods("紫砂壶")


@pytest.fixture
def cups(pot):
    """What an operator shows beside the pot."""
    cups = make_goods("品茗杯")
    RelatedProduct.objects.create(product=pot, related=cups)
    return cups


def _flash(pot):
    make_flash_sale(pot.skus.get(), at=clock.now())
    return "flashes"


def _presale(pot):
    make_presale(sku=pot.skus.get(), at=clock.now())
    return "presales"


def _group(pot):
    make_group_buy(pot.skus.get())
    return "groups"


def _team(pot):
    make_group_order(make_group_buy(pot.skus.get()), paid=True, at=clock.now())
    return "team"


def _bargain(pot):
    make_bargain(pot.skus.get())
    return "bargains"


def _coupon(pot):
    make_coupon(scope_kind="products", scope_ids=[pot.pk])
    return "coupons"


def address(name):
    args = [Team.objects.get().number] if name == "team" else []
    return reverse(f"storefront:{name}", args=args)


@pytest.mark.parametrize("activity", [_flash, _presale, _group, _team, _bargain, _coupon])
def test_C_12_below_an_activity_stands_what_goes_with_it_and_is_added_as_related(
    activity, pot, cups
):
    page = address(activity(pot))
    browser = signed_in(make_shopper())

    shown = browser.get(page)

    assert [card["id"] for card in shown.context["related"]][:1] == [cups.pk]
    html = shown.content.decode()
    form = html[html.index(f'name="product_id" value="{cups.pk}"') :].partition("</form>")[0]
    assert 'name="source" value="related"' in form
    form_of = {"product_id": cups.pk, "quantity": "1", "source": "related"}
    assert browser.post(reverse("storefront:cart_add"), form_of).status_code == 302
    line = CartLine.objects.get()
    assert (line.sku_id, line.source) == (cups.skus.get().pk, "related")


PAGES = {
    "flashes": lambda skus: make_flash_sale(*skus, at=clock.now()),
    "presales": lambda skus: [make_presale(sku=sku, at=clock.now()) for sku in skus],
    "groups": lambda skus: make_group_buy(*skus),
    "bargains": lambda skus: make_bargain(*skus),
    "coupons": lambda skus: make_coupon(
        scope_kind="products", scope_ids=[sku.product_id for sku in skus]
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_it_takes_two_statements_and_none_without_goods(name, pot, cups):
    page, browser = address(name), Client()
    browser.get(page)
    with count_queries() as empty:
        assert browser.get(page).context["related"] == []
    PAGES[name]([pot.skus.get()])

    with count_queries() as full:
        assert browser.get(page).context["related"]

    assert [_beside(found) for found in (empty, full)] == [0, 1]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_often_for_fifty_goods_as_for_two(name, pot, cups):
    goods = [pot, *(make_goods(f"茶具{n}", category=pot.category) for n in range(49))]
    skus = [product.skus.get() for product in goods]
    page, browser = address(name), Client()
    PAGES[name](skus[:2])
    browser.get(page)
    with count_queries() as few:
        browser.get(page)
    PAGES[name](skus[2:])

    with count_queries() as many:
        shown = browser.get(page)

    assert len(many) == len(few)
    assert cups.pk in [card["id"] for card in shown.context["related"]]


def _beside(found):
    """How many statements look for what an operator put beside something."""
    return len([sql for sql in found.sql if "catalog_relatedproduct" in sql])


def test_what_the_activity_sells_is_not_shown_again_below_it(pot, cups):
    make_flash_sale(pot.skus.get(), cups.skus.get(), at=clock.now())
    tray = make_goods("茶盘", category=pot.category)

    related = Client().get("/flash/").context["related"]

    assert [card["id"] for card in related] == [tray.pk]


def test_a_coupon_for_a_category_shows_what_sells_there_and_one_for_all_nothing(pot):
    make_coupon()
    assert Client().get("/coupons/").context["related"] == []

    make_coupon(scope_kind="category", scope_ids=[pot.category_id])

    related = Client().get("/coupons/").context["related"]
    assert [card["id"] for card in related] == [pot.pk]


def test_goods_that_left_the_shop_have_nothing_beside_them(pot, cups):
    make_coupon(scope_kind="products", scope_ids=[pot.pk])
    take_off_sale(product=pot, at=clock.now())

    assert Client().get("/coupons/").context["related"] == []
