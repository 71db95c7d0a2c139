"""Buy now, pick up, buy again, by hand in a browser: at most three pages to the cashier. Source:
O-04, O-34."""

import pytest

from catalog.models import Product
from inventory.testing import make_stock, make_store
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.sale import open_shop
from mall.storefront.tests.shop import make_shopper
from members.testing import PASSWORD
from orders.models import Order
from orders.services import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def product() -> Product:
    """Headphones, some of them in a store of Hangzhou."""
    open_shop()
    product = Product.objects.get(title_zh="头戴式降噪耳机")
    store = make_store(code="west-lake", title_zh="西湖店", title_en="West Lake")
    make_stock(sku=product.skus.get(), on_hand=3, warehouse=store.warehouse)
    return product


def at_door(running, live_server, width: int, spoken: str = "/en") -> Hands:
    """A signed-in shopper with an address."""
    member = make_shopper(nickname="Lin")
    hands = Hands.at(running, live_server.url, width)
    hands.go(f"{spoken}/login/?by=password&next={spoken}/stores/")
    hands.page.fill("[name=phone]", str(member.account.phone))
    hands.page.fill("[name=password]", PASSWORD)
    hands.follow(".gate__form form button:not([formaction])", f"{spoken}/stores/")
    return hands


def pay(hands: Hands, spoken: str = "/en") -> None:
    hands.click("form button.btn--lg")
    hands.page.wait_for_url("**/sandbox/cashier/**")
    hands.click("button[name=result][value=success]")
    hands.click(f"a[href^='{spoken}/pay/']")
    hands.shows(".outcome--succeeded")


def buy_now_button(hands: Hands) -> str:
    return "button[form=buy][name=then][value=checkout]:visible"


def test_O_04_from_the_product_to_the_cashier_are_three_pages(product, live_server):
    with browser() as running:
        hands = at_door(running, live_server, WIDE)
        pages: list[str] = []
        hands.page.on(
            "framenavigated",
            lambda frame: pages.append(frame.url) if frame.parent_frame is None else None,
        )
        hands.go(f"/en/product/{product.pk}/?source=live:7")
        hands.click(buy_now_button(hands))
        hands.page.wait_for_url("**/checkout/**")
        hands.click("button[name=do][value=place]:visible")
        hands.page.wait_for_url("**/pay/")

        assert len(pages) == 3, pages
        order = Order.objects.get()
        assert order.lines.get().source == "live:7"
        pay(hands)
        assert hands.complaints == []


@pytest.mark.parametrize(
    ("width", "spoken", "store", "told"),
    [(NARROW, "", "西湖店", "已加入购物车"), (WIDE, "/en", "West Lake", "It is in your cart")],
)
def test_O_34_an_order_is_picked_up_and_bought_again(
    product, live_server, width, spoken, store, told
):
    with browser() as running:
        hands = at_door(running, live_server, width, spoken)
        assert store in hands.text("#stores")
        hands.shoot("stores")
        hands.go(f"{spoken}/product/{product.pk}/")
        hands.click(buy_now_button(hands))
        hands.page.wait_for_url("**/checkout/**")
        hands.page.check("input[name=delivery][value=pickup]")
        hands.shows("input[name=store_id]")
        hands.page.fill("[name=receiver_name]", "Lin")
        hands.page.fill("[name=receiver_phone]", "13912345678")
        hands.shoot("checkout-pickup")
        hands.click("button[name=do][value=place]:visible")
        hands.page.wait_for_url("**/pay/")
        pay(hands, spoken)

        order = Order.objects.select_related("pickup").get()
        hands.go(f"{spoken}/orders/{order.number}/")
        code = code_of(order.pickup)
        assert f"{code[:5]} {code[5:]}" in hands.text("#pickup")
        hands.shoot("order-pickup")
        hands.go(f"{spoken}/orders/?q={order.number}")
        assert order.number in hands.text("#orders")
        hands.click("#orders form[action$='/again/'] button")
        hands.page.wait_for_url("**/cart/")
        assert told in hands.text("body")
        hands.shoot("cart-again")
        assert hands.complaints == []
        assert hands.strangers == []
