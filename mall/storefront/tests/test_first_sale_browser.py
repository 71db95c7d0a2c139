"""The first sale in a browser, on phone and desk: from putting on sale to the daily report."""

import re

import pytest
from playwright.sync_api import expect

from analytics.models import DailyReport
from inventory.models import RestockAlert, StockItem
from mall.celery import app
from mall.kernel import clock
from mall.kernel.money import yuan
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.sale import Sale, open_shop
from members.models import Member
from members.testing import PASSWORD, make_member, make_segment
from orders.models import Order
from promotions.services import start_dispatch
from promotions.testing import make_coupon

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FRESH, KNOWN = "13912345678", "13987654321"
GUEST_LANES = ["shop_price", "sale", "threshold_off", "coupon_amount"]
REGIONS = ("33", "3301", "330106", "330106002")


@pytest.fixture
def shop() -> Sale:
    return open_shop()


@pytest.mark.parametrize(("width", "is_new"), [(NARROW, True), (WIDE, False)])
def test_the_first_sale(shop, live_server, width, is_new):
    if not is_new:
        make_member(phone=KNOWN, tier="gold", points=2_000, nickname="林小满")
    with browser() as running:
        clerk = Hands.at(running, live_server.url, WIDE)
        shopper = Hands.at(running, live_server.url, width)
        put_on_sale(clerk, shop)
        browse_and_fill_the_cart(shopper, shop)
        join(shopper) if is_new else sign_in(shopper)
        claim_coupon(shopper)
        number = order(shopper, is_new=is_new)
        pay(shopper)
        ship(clerk, number)
        receive(shopper, number)
        the_shop_goes_on(clerk, shopper, number)

    assert clerk.strangers + shopper.strangers == []
    assert clerk.complaints + shopper.complaints == []


# ---------- the operator ----------


def put_on_sale(clerk: Hands, shop: Sale) -> None:
    """The tea has a freight template, a price and a picture; now it goes on sale."""
    clerk.go("/admin/")
    clerk.page.fill("#id_username", str(shop.operator.username))
    clerk.page.fill("#id_password", PASSWORD)
    clerk.follow("#login-form button[type=submit]", "/admin/")
    clerk.go(f"/admin/catalog/product/{shop.tea.pk}/change/")
    clerk.click(f"a[href*='/product/{shop.tea.pk}/publish']")
    clerk.follow("main form button[type=submit], #content form button[type=submit]", "/change/")


def ship(clerk: Hands, number: str) -> None:
    """A parcel leaves with its tracking number."""
    order = Order.objects.get(number=number)
    clerk.go(f"/admin/orders/order/{order.pk}/ship/")
    clerk.page.select_option("[name=carrier]", "sf")
    clerk.page.fill("[name=tracking_no]", "SF1402003310")
    clerk.shoot("admin-ship")
    clerk.follow("form:has([name=tracking_no]) button[type=submit]", "/change/")


# ---------- the shopper ----------


def browse_and_fill_the_cart(shopper: Hands, shop: Sale) -> None:
    """Home, category, search in Chinese, SKU choice, and two things in a guest's cart."""
    shopper.go("/")
    shopper.shoot("home")
    shopper.follow("a[href='/category/beauty/']", "/category/beauty/")
    shopper.shoot("category")

    search(shopper, "沐浴")
    shopper.shoot("search")
    shopper.follow(f"a[href^='/product/{shop.wash.pk}/']", f"/product/{shop.wash.pk}/")
    choose(shopper, "白茶")
    expect(shopper.page.locator(".opt", has_text="1L")).to_have_class("opt is-off")
    choose(shopper, "山茶花")
    shopper.page.locator("[data-stepper] [data-step='1']").first.click()
    shopper.shoot("product")
    shopper.click("button[name=then][value=stay]")
    shopper.shows(".toast")

    search(shopper, "龙井")
    shopper.follow(f"a[href^='/product/{shop.tea.pk}/']", f"/product/{shop.tea.pk}/")
    shopper.click("button[name=then][value=stay]")
    shopper.shows(".toast")
    the_cart(shopper)


def search(shopper: Hands, word: str) -> None:
    """By the box at the head of the list."""
    shopper.go("/search/")
    shopper.page.fill("#q", word)
    with shopper.page.expect_navigation():
        shopper.page.press("#q", "Enter")


def choose(shopper: Hands, value: str) -> None:
    """Tap an option and wait for the price of that choice."""
    with shopper.page.expect_response(lambda response: "/product/" in response.url):
        shopper.page.locator(".pick", has_text=value).click()
    shopper.page.wait_for_url("**/product/*/?sku=*")


def the_cart(shopper: Hands) -> None:
    """Take the tea out, put it back, count the wash down and up: the total follows."""
    shopper.go("/cart/")
    before = shopper.page.locator(".receipt__total").text_content() or ""
    shopper.page.locator(".line__del").first.click()
    expect(shopper.page.locator(".line")).to_have_count(1)
    shopper.click(".toast form button")
    expect(shopper.page.locator(".line")).to_have_count(2)
    total = shopper.page.locator(".receipt__total")
    expect(total).to_have_text(before)
    wash = shopper.page.locator(".line", has_text="沐浴露")
    wash.locator("[data-step='-1']").click()
    expect(total).not_to_have_text(before)
    wash.locator("[data-step='1']").click()
    expect(total).to_have_text(before)
    shopper.shoot("cart")
    shopper.follow("a[href='/checkout/']", "/login/")


def sms(shopper: Hands, phone: str) -> None:
    """Ask for a code; the demo says it on this machine."""
    shopper.page.fill("[name=phone]", phone)
    shopper.click("[data-sms-code]")
    shopper.shows(".toast")
    code = re.search(r"[0-9]{6}", shopper.text(".toast"))
    assert code is not None
    shopper.page.fill("[name=code]", code[0])


def join(shopper: Hands) -> None:
    """Become a member on the way to the checkout, write the first address."""
    shopper.shoot("login")
    shopper.follow("a[href^='/register/']", "/register/")
    sms(shopper, FRESH)
    shopper.page.check("[name=consent]", force=True)
    shopper.follow("form.form button.btn--lg", "/checkout/")
    write_address(shopper)


def sign_in(shopper: Hands) -> None:
    """A gold member comes back."""
    sms(shopper, KNOWN)
    shopper.follow("form.form button.btn--lg", "/checkout/")
    write_address(shopper)


def write_address(shopper: Hands) -> None:
    """Down the cascade to the street, and back to the checkout."""
    shopper.follow("a[href^='/me/addresses/new/']", "/me/addresses/new/")
    shopper.page.fill("[name=name]", "林小满")
    shopper.page.fill("[name=phone]", FRESH)
    for level, code in enumerate(REGIONS, 1):
        shopper.page.locator(f"[name=region_{level}] option[value='{code}']").wait_for(
            state="attached"
        )
        shopper.page.select_option(f"[name=region_{level}]", code)
    shopper.page.fill("[name=detail]", "北山街 8 号 3 幢 501")
    shopper.shoot("address")
    shopper.follow("button[name=do][value=save]", "/checkout/")


def claim_coupon(shopper: Hands) -> None:
    """The one of the coupon centre."""
    shopper.go("/coupons/")
    shopper.click("form[action$='/claim/'] button")
    shopper.shows(".toast")
    shopper.shoot("coupons")


def order(shopper: Hands, *, is_new: bool) -> str:
    """Every step of the price on the receipt, then one order."""
    shopper.go("/checkout/")
    if not is_new:
        shopper.page.locator("[name=points]").check(force=True)
    lanes = GUEST_LANES if is_new else GUEST_LANES + ["tier_rate", "points"]
    expect(shopper.page.locator(".receipt__row.is-off")).to_have_count(len(lanes))
    shopper.shows(".receipt__row.is-free")
    shopper.shoot("checkout")
    shopper.click("button[name=do][value=place]")
    shopper.page.wait_for_url("**/pay/")
    shopper.shoot("cashier")
    placed = Order.objects.get()
    assert {step.kind for line in placed.lines.all() for step in line.steps.all()} == set(lanes)
    assert StockItem.objects.get(sku__product__code="TEA").reserved == 1
    return placed.number


def pay(shopper: Hands) -> None:
    """At the sandbox's cashier; its signed notice makes the order paid."""
    shopper.click("form button.btn--lg")
    shopper.page.wait_for_url("**/sandbox/cashier/**")
    shopper.shoot("sandbox")
    shopper.click("button[name=result][value=success]")
    shopper.follow("a[href^='/pay/']", "/")
    shopper.shows(".outcome--succeeded")
    shopper.shoot("paid")
    assert Order.objects.get().status == Order.Status.PAID


def receive(shopper: Hands, number: str) -> None:
    """The timeline, the parcel, and the button that brings points and growth."""
    shopper.go(f"/orders/{number}/")
    assert "SF1402003310" in shopper.text("main")
    shopper.shoot("order")
    shopper.click(f"form[action='/orders/{number}/confirm/'] button")
    shopper.page.wait_for_load_state()
    shopper.go("/orders/")
    shopper.shoot("orders")
    placed = Order.objects.get()
    assert placed.status == Order.Status.RECEIVED
    member = Member.objects.select_related("tier", "points_account").get()
    assert member.points_account.balance == placed.points_earned > 0
    shopper.go("/me/tier/")
    grown = yuan(placed.payable_fen - placed.freight_fen).removesuffix(".00")
    assert f"+{grown}" in shopper.text("#entries")
    shopper.go("/me/")
    assert member.tier.title_zh in shopper.text(".tier h2")
    assert member.tier.code != "normal"
    shopper.shoot("me")


# ---------- what the shop does by itself ----------


def the_shop_goes_on(clerk: Hands, shopper: Hands, number: str) -> None:
    """A low SKU raises one alert, a coupon reaches a segment, the report equals the orders."""
    beat("inventory.send_restock_alerts")
    beat("inventory.send_restock_alerts")
    assert [alert.item.sku.product.code for alert in RestockAlert.objects.all()] == ["TEA"]

    thanks, now = make_coupon(off_fen=800, title_zh="回头客礼", is_claimable=False), clock.now()
    segment = make_segment(members=list(Member.objects.all()))
    start_dispatch(coupon=thanks, segment=segment, scheduled_at=now, at=now)
    beat("promotions.run_dispatches")
    shopper.go("/me/coupons/")
    assert "¥8" in shopper.text("#grants").replace("\n", "")
    shopper.shoot("my-coupons")

    beat("analytics.aggregate_days")
    placed = Order.objects.get(number=number)
    assert placed.paid_at is not None
    report = DailyReport.objects.get(day=clock.day_of(placed.paid_at))
    assert (report.paid_orders, report.gmv_fen) == (1, placed.paid_fen)
    clerk.go("/admin/reports/?span=7d")
    assert yuan(placed.paid_fen) in clerk.text("body")
    clerk.shoot("admin-report")


def beat(task: str) -> None:
    """What beat sends and the worker does, done here and now."""
    app.loader.import_default_modules()
    app.tasks[task].apply(throw=True)
