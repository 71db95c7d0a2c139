"""What shoppers do after they have bought, or could not: exchange a size, wait for goods to come
back, tidy the list of orders and find one in it; in both languages, on a desk and on a phone.

Source: issue 4 (Show 7); O-44, I-08, O-12, O-13.
"""

import re

import pytest

from inventory.models import StockItem, StockWatch
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.sale import open_shop, put_up
from mall.storefront.tests.shop import make_shopper, signed_in
from mall.tests.deeds import EN, Desk
from members.models import Member
from members.testing import make_operator
from orders.models import AfterSale, Order
from orders.services import cancel_order
from orders.testing import make_order, make_received_order

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LATIN, HAN = re.compile(r"[A-Za-z]{3,}"), re.compile(r"[一-鿿]+")
FACE = "main :is(h1, h2, button, label, legend, .btn)"


@pytest.fixture
def shopper() -> Member:
    """A member."""
    return make_shopper(nickname="Lin")


def hands_of(running, live_server, member: Member, width: int) -> Hands:
    hands = Hands.at(running, live_server.url, width)
    hands.let_in(signed_in(member))
    return hands


def send(hands: Hands, button: str) -> None:
    """A button that sends its form, and the page that answers."""
    with hands.page.expect_navigation():
        hands.page.get_by_role("button", name=button, exact=True).locator("visible=true").click()


def both(hands: Hands, path: str, *data: str) -> None:
    """A page in both languages: it fits, and its headings and buttons are of one language."""
    for spoken, foreign in (("", LATIN), ("/en", HAN)):
        hands.go(f"{spoken}{path}")
        hands.shoot(f"deeds{re.sub('[^a-z]+', '-', path)}{spoken.strip('/')}")
        said = " ".join(hands.page.locator(FACE).all_inner_texts())
        for one in data:
            said = said.replace(one, " ")
        assert foreign.findall(said) == [], hands.page.url


def test_O_44_a_size_that_does_not_fit_is_exchanged(shopper, live_server):
    wash = open_shop().wash
    small, large = wash.skus.filter(is_active=True).order_by("pk")[:2]
    order = make_received_order(member=shopper, sku=small, at=clock.now())
    line = order.lines.get()
    house = StockItem.objects.get(sku=large).warehouse_id
    with browser() as running:
        hands = hands_of(running, live_server, shopper, WIDE)
        hands.go(f"/en/orders/{order.number}/")
        hands.follow("a[href$='/after-sales/new/']", "/after-sales/new/")
        hands.page.locator("label:has(input[value=exchange])").click()
        hands.page.select_option(f"[name=swap_{line.pk}]", str(large.pk))
        hands.page.locator("#after-sale").evaluate("(form) => form.noValidate = true")
        send(hands, "Send the request")
        assert hands.text(".field:has([name=reason]) .field__error") == "This field is required."
        assert not AfterSale.objects.exists()
        hands.page.select_option("[name=reason]", "size")
        send(hands, "Send the request")
        hands.page.wait_for_url("**/en/after-sales/A*/")
        case = AfterSale.objects.get()
        assert "You get:" in hands.text("main")

        desk = Desk.of(running, live_server.url, make_operator(), EN, WIDE)
        desk.menu("orders_aftersale_changelist")
        desk.row(case.number)
        desk.deed("Approve")
        desk.press("Approve")
        desk.says("Done.")
        hands.page.reload()
        hands.page.fill("[name=carrier]", "SF Express")
        hands.page.fill("[name=tracking_no]", "SF5550001")
        send(hands, "It is on its way")
        desk.deed("Inspect")
        desk.fill(warehouse=house)
        desk.press("Inspect")
        desk.says("Done.")
        desk.deed("Send replacement")
        desk.fill(carrier="sf", tracking_no="SF9")
        desk.press("Send replacement")
        desk.says("Done.")

        hands.page.reload()
        assert hands.text("h1") == "Done"
        assert "SF9" in hands.text(".kv")
        both(hands, f"/after-sales/{case.number}/", case.number, order.number, wash.title_zh)
        assert (hands.complaints, desk.complaints) == ([], [])
    case.refresh_from_db()
    assert (case.state, case.replacement.tracking_no) == (AfterSale.State.DONE, "SF9")
    assert case.lines.get().exchange_sku_id == large.pk


def test_I_08_a_shopper_waits_for_goods_and_no_longer(shopper, live_server):
    product = open_shop().wash
    sku = product.skus.get(options={"scent": "t", "size": "l"})
    with browser() as running:
        hands = hands_of(running, live_server, shopper, NARROW)
        hands.go(f"/product/{product.pk}/?sku={sku.pk}")
        hands.page.get_by_role("button", name="到货通知我").click()
        hands.shows("button:has-text('已订阅到货提醒，点此取消')")
        assert StockWatch.objects.get().sku == sku
        hands.go("/me/")
        hands.follow("main a[href='/me/watches/']", "/me/watches/")
        assert product.title_zh in hands.text(f"[data-watch='{sku.pk}']")
        both(hands, "/me/watches/", product.title_zh, sku.code)
        hands.go("/me/watches/")
        send(hands, "取消提醒")
        hands.shows("text=还没有到货提醒")
        both(hands, "/me/")
        assert hands.complaints == []
    assert not StockWatch.objects.exists()


def test_O_13_an_order_is_taken_off_the_list_and_put_back(shopper, live_server):
    wash = put_up("山茶花沐浴露", "beauty", "美妆个护", "bodywash", price_fen=6_600)
    order = make_order(member=shopper, sku=wash.skus.get(), at=clock.now())
    cancel_order(number=order.number, member_id=shopper.pk, reason="", at=clock.now())
    with browser() as running:
        hands = hands_of(running, live_server, shopper, NARROW)
        hands.go("/en/orders/")
        hands.follow(f"a[href$='/orders/{order.number}/']", f"/orders/{order.number}/")
        send(hands, "Remove from list")
        hands.shows("text=The order is off your list.")
        assert order.number not in hands.text("main")
        assert Order.objects.get().is_hidden
        hands.click("a[href*='tab=hidden']")
        hands.page.wait_for_url("**tab=hidden*")
        assert order.number in hands.text("#orders")
        send(hands, "Put back on the list")
        hands.shows("text=The order is on your list again.")
        assert order.number in hands.text("#orders")
        both(hands, "/orders/")
        both(hands, f"/orders/{order.number}/", "山茶花沐浴露", order.number)
        assert hands.complaints == []
    assert not Order.objects.get().is_hidden


def test_O_12_an_order_is_found_by_its_number_and_by_its_goods(shopper, live_server):
    goods = {"明前龙井": "longjing", "山茶花沐浴露": "bodywash"}
    skus = [
        put_up(title, picture, "百货", picture, price_fen=6_600).skus.get()
        for title, picture in goods.items()
    ]
    tea, wash = (make_received_order(member=shopper, sku=sku, at=clock.now()) for sku in skus)
    with browser() as running:
        hands = hands_of(running, live_server, shopper, WIDE)
        hands.go("/orders/")
        for words, found, other in (("龙井", tea, wash), (wash.number, wash, tea)):
            hands.page.fill(".ordersearch [name=q]", words)
            with hands.page.expect_navigation():
                hands.click(".ordersearch button")
            assert found.number in hands.text("#orders")
            assert other.number not in hands.text("#orders")
        hands.page.fill(".ordersearch [name=q]", "没有买过")
        with hands.page.expect_navigation():
            hands.click(".ordersearch button")
        assert "没有找到“没有买过”" in hands.text("main")
        assert hands.page.input_value(".ordersearch [name=q]") == "没有买过"
        hands.click("main a:has-text('全部订单')")
        hands.shows("#orders")
        both(hands, "/orders/?q=nothing", "nothing")
        assert hands.complaints == []
