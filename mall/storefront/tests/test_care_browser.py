"""After-sales by hand in a browser: the shopper asks and sees what comes back first, the operator
decides and inspects, the money returns. Source: O-43 to O-47."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Sku
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.sale import put_up
from mall.storefront.tests.shop import BACKEND, make_shopper, make_words, signed_in
from members.models import Member
from members.testing import make_operator
from orders.models import AfterSale, Order
from orders.services import mark_packed, retry_refunds
from orders.testing import make_order, make_received_order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LATIN = re.compile(r"[a-z]{3,}")


@pytest.fixture
def shopper() -> Member:
    """A member of a shop with words."""
    make_words()
    return make_shopper(nickname="Lin")


@pytest.fixture
def sku(shopper) -> Sku:
    """Headphones with a picture, at ¥100.00."""
    return put_up(
        "头戴式降噪耳机", "digital", "数码家电", "headphones-n1", price_fen=10_000
    ).skus.get()


def hands_of(running, live_server, member: Member, width: int = NARROW, **context) -> Hands:
    hands = Hands.at(running, live_server.url, width, **context)
    hands.let_in(signed_in(member))
    return hands


def desk_of(running, live_server) -> Hands:
    """An operator who reads English."""
    client = Client()
    client.force_login(make_operator(username="desk"), backend=BACKEND)
    client.cookies["django_language"] = "en"
    desk = Hands.at(running, live_server.url, WIDE)
    desk.let_in(client)
    return desk


def decide(desk: Hands, case: AfterSale, deed: str, **typed: str) -> None:
    """One deed of the case's page: its link, its form, its button."""
    desk.go(reverse("admin:orders_aftersale_change", args=[case.pk]))
    desk.page.locator(f"a[href*='/{case.pk}/']", has_text=deed).first.click()
    for name, value in typed.items():
        desk.page.select_option(f"[name={name}]", value)
    desk.page.get_by_role("button", name=deed, exact=True).click()
    desk.page.wait_for_url("**/aftersale/*/change/")


def wish(hands: Hands, kind: str, reason: str) -> None:
    """Fill in what is wanted, and why."""
    hands.page.locator(f"label:has(input[value={kind}])").click()
    hands.page.select_option("[name=reason]", reason)
    hands.page.select_option("select[name^=pieces_]", "1")


def unnamed(hands: Hands) -> list[str]:
    """Controls that a screen reader could not name."""
    return hands.page.evaluate(
        """() => [...document.querySelectorAll("main input, main select, main textarea")]
            .filter((box) => box.type !== "hidden" && !box.labels?.length && !box.ariaLabel)
            .map((box) => box.outerHTML)"""
    )


def test_O_44_a_return_from_the_question_to_the_money(shopper, sku, live_server):
    order = make_received_order(member=shopper, sku=sku, quantity=2, at=clock.now())
    with browser() as running:
        hands = hands_of(running, live_server, shopper)
        hands.go(f"/en/orders/{order.number}/")
        hands.follow("a[href$='/after-sales/new/']", "/after-sales/new/")
        wish(hands, "return_refund", "quality")
        hands.shows("#comes-back:has-text('¥100.00 go back')")
        assert not AfterSale.objects.exists()
        assert unnamed(hands) == []
        hands.shoot("care-apply")
        hands.page.fill("[name=text]", "A crack in the lid")
        hands.click("button[name=do][value=ask]")
        hands.page.wait_for_url("**/en/after-sales/A*/")
        case = AfterSale.objects.get()
        assert "A crack in the lid" in hands.text("main")

        desk = desk_of(running, live_server)
        decide(desk, case, "Approve")
        hands.page.reload()
        hands.page.fill("[name=carrier]", "SF Express")
        hands.page.fill("[name=tracking_no]", "SF5550001")
        hands.click("form.panel button.btn")
        hands.shows(".kv:has-text('SF5550001')")
        house = order.lines.get().sku.stock_items.get().warehouse_id
        decide(desk, case, "Inspect", warehouse=str(house))
        decide(desk, case, "Pay back")
        retry_refunds(clock.now())

        hands.page.reload()
        assert hands.text("h1") == "Done"
        assert "¥100.00" in hands.text(".kv")
        hands.shoot("care-case")
        hands.go(f"/en/orders/{order.number}/")
        assert case.number in hands.text("#order-cases")
        assert "¥100.00" in hands.text(".cols__side")
        hands.shoot("care-order")
        assert (hands.complaints, hands.strangers, desk.complaints) == ([], [], [])


def test_asking_works_without_script(shopper, sku, live_server):
    order = make_received_order(member=shopper, sku=sku, at=clock.now())
    with browser() as running:
        hands = hands_of(running, live_server, shopper, java_script_enabled=False)
        hands.go(f"/en/orders/{order.number}/after-sales/new/")
        wish(hands, "return_refund", "quality")
        hands.click("button[name=do][value=requote]:not(.vh)")
        assert "¥100.00 go back" in hands.text("#comes-back")
        assert not AfterSale.objects.exists()
        hands.click("button[name=do][value=ask]")
        hands.page.wait_for_url("**/en/after-sales/A*/")

    case = AfterSale.objects.get()
    assert (case.kind, case.reason, case.state) == ("return_refund", "quality", "requested")


@pytest.mark.parametrize("language", ["", "/en"])
def test_O_43_a_paid_order_is_cancelled_and_a_packed_one_asked_about(
    shopper, sku, live_server, language
):
    at = clock.now()
    order, packed = (make_order(member=shopper, sku=sku, paid=True, at=at) for _n in range(2))
    house = packed.lines.get().sku.stock_items.get().warehouse
    mark_packed(order_ids=[packed.pk], warehouse=house, actor=make_operator(), at=at)
    with browser() as running:
        hands = hands_of(running, live_server, shopper)
        for one in (order, packed):
            hands.go(f"{language}/orders/{one.number}/")
            hands.follow("a[href$='/cancel/']", "/cancel/")
            assert "¥100.00" in hands.text("form.panel")
            hands.page.select_option("[name=reason]", "changed_mind")
            hands.click("form.panel button.btn")
            hands.page.wait_for_url(lambda url: not url.endswith("/cancel/"))
            hands.shoot(f"care-cancelled{language.replace('/', '-')}")

        assert "changed_mind" not in hands.text("main")
        assert hands.complaints == []
    order.refresh_from_db()
    packed.refresh_from_db()
    assert (order.status, packed.status) == (Order.Status.CLOSED, Order.Status.PAID)
    assert packed.after_sales.get().state == AfterSale.State.REQUESTED


def test_the_pages_of_care_speak_chinese(shopper, sku, live_server):
    order = make_received_order(member=shopper, sku=sku, at=clock.now())
    with browser() as running:
        hands = hands_of(running, live_server, shopper)
        hands.go(f"/orders/{order.number}/after-sales/new/")
        wish(hands, "return_refund", "quality")
        hands.shows("#comes-back:has-text('¥100.00')")
        foreign = {"apply": latin(hands)}
        hands.click("button[name=do][value=ask]")
        hands.page.wait_for_url("**/after-sales/A*/")
        foreign["case"] = latin(hands)
        pages = {
            "list": "/after-sales/",
            "order": f"/orders/{order.number}/",
            "stores": "/stores/",
            "region": "/region/",
            "verify": "/verify/?deed=withdraw",
            "search": "/orders/?q=nothing",
        }
        for name, path in pages.items():
            hands.go(path)
            hands.shoot(f"care-{name}-zh")
            foreign[name] = latin(hands)

        assert {name: words for name, words in foreign.items() if words} == {}
        assert hands.complaints == []


def latin(hands: Hands) -> list[str]:
    """English words on a Chinese page; what the shopper typed aside."""
    return [word for word in LATIN.findall(hands.text("main")) if word != "nothing"]
