"""What happens before the answer comes: the cart changes at once and takes it back when nothing
came through, cards on their way have boxes, and who wants no motion sees none."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from catalog.testing import make_category
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in
from orders.models import CartLine
from orders.services import CartOwner, add_line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEED = "**/cart/lines/*/"


@pytest.fixture
def member(monkeypatch):
    """A shopper with two lines in the cart."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    make_words()
    member = make_shopper()
    for title in ("茶壶", "茶杯"):
        sku = make_goods(title).skus.get()
        add_line(owner=CartOwner(member_id=member.pk), sku_id=sku.pk, quantity=1, at=clock.now())
    return member


def held(hands: Hands, click: Callable[[], None]) -> Route:
    """The request of a click, stopped on its way to the house."""
    stopped: list[Route] = []
    hands.page.route(DEED, lambda route: stopped.append(route), times=1)
    with hands.page.expect_request(DEED):
        click()
    while not stopped:
        hands.page.wait_for_timeout(20)
    return stopped[0]


def errors(hands: Hands) -> list[str]:
    """What scripts complained of; these goods have pictures without files."""
    return [text for text in hands.complaints if "Failed to load resource" not in text]


def test_the_cart_changes_at_once_and_takes_it_back_when_nothing_came_through(member, live_server):
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        hands.let_in(signed_in(member))
        hands.go("/cart/")
        rows = hands.page.locator("#cart .line")
        first, toast = rows.first, hands.page.locator(".toast")
        box, amount = first.locator(".check"), first.locator("[name=quantity]")

        way = held(hands, lambda: first.locator(".line__del").click())
        expect(first).to_be_hidden()
        way.abort()
        expect(first).to_be_visible()
        expect(toast).to_contain_text("网络断了")

        way = held(hands, box.click)
        expect(box).to_have_attribute("aria-checked", "false")
        way.fulfill(status=503, body="<h1>请稍后再试</h1>", content_type="text/html")
        expect(box).to_have_attribute("aria-checked", "true")
        expect(toast).to_contain_text("请稍后再试")

        way = held(hands, lambda: first.locator("[data-step='1']").click())
        expect(amount).to_have_value("2")
        way.abort()
        expect(amount).to_have_value("1")
        assert CartLine.objects.filter(quantity=1, is_selected=True).count() == 2

        first.locator(".line__del").click()
        expect(toast.get_by_role("button")).to_be_visible()
        expect(rows).to_have_count(1)
        assert CartLine.objects.count() == 1
        toast.get_by_role("button").click()
        expect(rows).to_have_count(2)
    assert CartLine.objects.count() == 2


def test_quick_clicks_end_where_the_last_one_said(member, live_server):
    with browser() as running:
        hands = Hands.at(running, live_server.url, NARROW)
        hands.let_in(signed_in(member))
        hands.go("/cart/")
        box = hands.page.locator("#cart .line .check").first

        way = held(hands, box.click)
        box.click()
        expect(box).to_have_attribute("aria-checked", "true")
        with hands.page.expect_request(DEED):
            way.continue_()
        expect(box).to_have_attribute("aria-checked", "true")
        hands.page.wait_for_load_state("networkidle")
        assert errors(hands) == []
    assert CartLine.objects.filter(is_selected=True).count() == 2


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_cards_on_their_way_have_boxes_that_stand_still_for_who_wants_that(
    motion, live_server, monkeypatch
):
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    category = make_category()
    for number in range(26):
        make_goods(f"商品{number:02}", category=category)
    stopped: list[Route] = []
    with browser() as running:
        hands = Hands.at(running, live_server.url, NARROW, reduced_motion=motion)
        hands.go(f"/category/{category.slug}/")
        boxes, cards = hands.page.locator(".is-waiting"), hands.page.locator(".card")
        expect(cards).to_have_count(24)
        hands.page.route("**cursor=**", lambda route: stopped.append(route))
        hands.click("[data-more]")
        expect(boxes).to_have_count(4)
        moving = hands.page.evaluate("document.getAnimations().length")
        stopped[0].continue_()
        expect(cards).to_have_count(26)
        expect(boxes).to_have_count(0)
        focused = "document.activeElement.closest('.card')?.innerText"
        assert hands.page.evaluate(focused)
        assert errors(hands) == []
    assert (moving > 0) is (motion == "no-preference")
