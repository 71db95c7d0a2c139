"""A shop by keyboard alone; a favourite, a shared page and a topic before its time by hand,
a pop-up that waits (C-07, M-65, X-05, P-62)."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.sale import Sale, open_shop
from mall.storefront.tests.shop import make_shopper, signed_in
from mall.storefront.tests.test_content import block, make_topic, words
from mall.storefront.tests.test_site import make_pop_up
from members.models import Member
from members.testing import make_operator
from orders.models import Order
from promotions.services import release_version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TABS = 90
FOCUSED = """(wanted) => {
    const here = document.activeElement;
    if (!here?.matches(wanted)) return null;
    const style = getComputedStyle(here);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


@pytest.fixture
def shop() -> Sale:
    """As for the first sale."""
    return open_shop()


@pytest.fixture
def member() -> Member:
    return make_shopper(nickname="林小满")


def tab_to(hands: Hands, wanted: str) -> None:
    """Press Tab until the control has the focus, and can be seen to have it."""
    for _n in range(MOST_TABS):
        hands.page.keyboard.press("Tab")
        is_seen = hands.page.evaluate(FOCUSED, wanted)
        if is_seen is not None:
            assert is_seen, f"{wanted} has the focus and does not show it"
            return
    raise AssertionError(f"{wanted} is not within {MOST_TABS} tabs")


def test_an_order_is_placed_with_the_keyboard_alone(shop, member, live_server):
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        hands.let_in(signed_in(member))
        press = hands.page.keyboard.press
        hands.go(f"/product/{shop.wash.pk}/")
        press("Tab")
        assert hands.page.evaluate("document.activeElement.className") == "skip"
        press("Enter")
        scent = hands.page.locator("input[name=option_0]:checked")
        hands.page.locator("input[name=option_0]").first.focus()
        press("ArrowDown")
        expect(scent).to_have_value("白茶")
        expect(hands.page.locator("[data-sku-price]").first).to_contain_text("66")
        tab_to(hands, "button[name=then][value=checkout]")
        press("Enter")
        hands.page.wait_for_url("**/checkout/**")
        tab_to(hands, "button[name=do][value=place]")
        press("Enter")
        hands.page.wait_for_url("**/pay/")
        assert hands.complaints == []

    line = Order.objects.get().lines.get()
    assert line.sku.options["scent"] == "t"


def test_C_07_M_65_a_heart_stays_and_a_shared_page_has_its_poster(shop, member, live_server):
    with browser() as running:
        hands = Hands.at(running, live_server.url, NARROW)
        hands.let_in(signed_in(member))
        hands.go(f"/product/{shop.wash.pk}/")
        heart = hands.page.locator("#favourite-narrow")
        heart.click()
        expect(heart).to_have_attribute("aria-pressed", "true")
        hands.go(reverse("storefront:favourites"))
        expect(hands.page.locator(f"a[href*='/product/{shop.wash.pk}/']").first).to_be_visible()

        hands.go(f"/product/{shop.wash.pk}/")
        hands.click(f"a[href='{reverse('storefront:share', args=['product', shop.wash.pk])}']")
        poster = hands.page.locator(".share__poster")
        poster.scroll_into_view_if_needed()
        assert poster.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 750
        hands.shoot("share")
        assert hands.complaints == []
        assert hands.strangers == []


def test_X_05_a_topic_is_previewed_before_anybody_else_sees_it(shop, live_server):
    page = make_topic(
        "office-tea",
        block("text", title=words("办公室下午茶"), body=words("三点一刻")),
        block("products", products=[shop.wash.pk], title=words("好茶")),
        released=False,
    )
    with browser() as running:
        desk = Hands.at(running, live_server.url, WIDE)
        desk.let_in(signed_in_operator())
        desk.go(reverse("admin:promotions_contentpage_build", args=[page.pk]))
        frame = desk.page.frame_locator(".builder__preview iframe")
        expect(frame.locator("main")).to_contain_text("三点一刻")
        expect(frame.locator(".card").first).to_be_visible()

        shopper = Hands.at(running, live_server.url, NARROW)
        shopper.go("/topic/office-tea/")
        assert "三点一刻" not in shopper.text("main")
        release_version(page_id=page.pk, at=clock.now(), actor=make_operator())
        shopper.go("/topic/office-tea/")
        expect(shopper.page.locator("main")).to_contain_text("三点一刻")
        shopper.shoot("topic")
        assert desk.complaints == []


def test_P_62_nothing_comes_up_on_entry_and_escape_sends_it_away_for_the_day(shop, live_server):
    make_pop_up(seconds=3)
    with browser() as running:
        hands = Hands.at(running, live_server.url, NARROW)
        with hands.page.expect_response("**/pop-ups/?place=home"):
            hands.go("/")
        dialog = hands.page.locator("dialog[open]")
        expect(dialog).to_have_count(0)
        expect(dialog).to_contain_text("满 300 减 50")
        assert hands.page.evaluate("document.activeElement.closest('dialog') !== null")
        with hands.page.expect_response("**/closed/"):
            hands.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        with hands.page.expect_response("**/pop-ups/?place=home"):
            hands.go("/")
        hands.page.wait_for_timeout(3_300)
        expect(dialog).to_have_count(0)
        assert hands.complaints == []


def signed_in_operator() -> Client:
    """A desk in which an operator has signed in."""
    client = Client()
    client.force_login(make_operator(is_superuser=True), backend="members.backends.AccountBackend")
    return client
