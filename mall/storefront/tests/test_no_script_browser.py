"""Without JavaScript one can still buy, in English, on a phone."""

import re

import pytest

from mall.storefront.tests.chromium import NARROW, Hands, browser
from mall.storefront.tests.sale import Sale, open_shop
from orders.models import Order, Payment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FRESH = "13712345678"
REGIONS = ("31", "3101", "310104", "310104003")


@pytest.fixture
def shop() -> Sale:
    return open_shop()


def test_a_sale_without_a_line_of_script(shop, live_server):
    with browser() as running:
        shopper = Hands.at(running, live_server.url, NARROW, java_script_enabled=False)
        choose_and_add(shopper, shop)
        change_the_cart(shopper)
        join(shopper)
        write_address(shopper)
        number = order_and_pay(shopper)

        placed = Order.objects.get(number=number)
        assert [(line.sku.options, line.quantity) for line in placed.lines.all()] == [
            ({"scent": "t", "size": "s"}, 3)
        ]
        assert (placed.status, placed.note) == (Order.Status.PAID, "No bell, please")
        assert shopper.strangers == []
        assert shopper.complaints == []


def choose_and_add(shopper: Hands, shop: Sale) -> None:
    """The choice is a form: ask for its price, then put two in."""
    shopper.go("/en/")
    shopper.follow("a[href='/en/category/beauty/']", "/en/category/beauty/")
    shopper.follow(f"a[href='/en/product/{shop.wash.pk}/']", f"/en/product/{shop.wash.pk}/")
    shopper.page.locator(".pick", has_text="White tea").click()
    shopper.click("noscript button[form=buy]")
    shopper.page.wait_for_url("**option_0=White+tea**")
    assert "66" in shopper.text("#price")
    shopper.page.fill("[name=quantity]", "2")
    shopper.click("button[name=then][value=stay]")
    shopper.shows(".toast")
    shopper.shoot("no-script-product")


def change_the_cart(shopper: Hands) -> None:
    """Every button of a line is a form of its own."""
    shopper.go("/en/cart/")
    shopper.click("button[name=do][value=plus]")
    assert shopper.page.locator("[name=quantity]").input_value() == "3"
    shopper.click("button[name=do][value=deselect]")
    shopper.click("button[name=do][value=select]")
    shopper.click("button[name=do][value=remove]")
    shopper.click(".toast form button")
    assert shopper.page.locator("[name=quantity]").input_value() == "3"
    shopper.shoot("no-script-cart")
    shopper.follow("a[href='/en/checkout/']", "/en/login/")


def join(shopper: Hands) -> None:
    """The code's button sends the form; it comes back with the phone in it."""
    shopper.follow("a[href^='/en/register/']", "/en/register/")
    shopper.page.fill("[name=phone]", FRESH)
    shopper.click("button[name=purpose]")
    shopper.page.wait_for_url("**/en/register/**")
    assert shopper.page.locator("[name=phone]").input_value() == FRESH
    code = re.search(r"[0-9]{6}", shopper.text(".toast"))
    assert code is not None
    shopper.page.fill("[name=code]", code[0])
    shopper.page.locator("[name=consent]").check(force=True)
    shopper.follow("form.form button.btn--lg", "/en/checkout/")


def write_address(shopper: Hands) -> None:
    """The cascade opens level by level."""
    shopper.follow("a[href^='/en/me/addresses/new/']", "/en/me/addresses/new/")
    shopper.page.fill("[name=name]", "Lin Xiaoman")
    shopper.page.fill("[name=phone]", FRESH)
    for level, code in enumerate(REGIONS, 1):
        shopper.page.select_option(f"[name=region_{level}]", code)
        if level < len(REGIONS):
            shopper.click("button[name=do][value=regions]")
    shopper.page.fill("[name=detail]", "88 Example Road, 6-1201")
    shopper.shoot("no-script-address")
    shopper.follow("button[name=do][value=save]", "/en/checkout/")


def order_and_pay(shopper: Hands) -> str:
    """Place, pay at the sandbox, come back to a page that knows."""
    shopper.page.fill("[name=note]", "No bell, please")
    shopper.shoot("no-script-checkout")
    shopper.click("button[name=do][value=place]")
    shopper.page.wait_for_url("**/pay/")
    shopper.click("form button.btn--lg")
    shopper.page.wait_for_url("**/sandbox/cashier/**")
    assert "Sandbox cashier" in shopper.text("h1")
    shopper.click("button[name=result][value=success]")
    shopper.click("a[href^='/en/pay/']")
    shopper.shows(".outcome--succeeded")
    return Payment.objects.get().order.number
