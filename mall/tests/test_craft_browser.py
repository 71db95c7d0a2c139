"""The shopper's pages as a screen reader, a thumb and a slow eye meet them: axe, 360 px, shifts.

No serious or critical finding, nothing wider than the screen, no text below 11 px, no target below
24 px, a layout shift below 0.05; light and dark.
"""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.test import Client

from catalog.services import publish_product
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, TALL, WIDE, Hands, browser
from mall.storefront.tests.sale import Sale, open_shop
from mall.storefront.tests.shop import signed_in
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import CartOwner, Submission, Wanted, add_line, place_order, refresh_shelf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = "13987654321"
SMALL = 360
MOST_SHIFT = 0.05
GRAVE = ("serious", "critical")
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RUN_AXE = """() => axe.run(document, {
    resultTypes: ["violations"], rules: {"target-size": {enabled: true}},
})"""
SHIFTS = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    scrollTo(0, document.body.scrollHeight);
    setTimeout(() => done(sum), 300);
})"""
TINY = """() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !parent.checkVisibility()) continue;
        const size = parseFloat(getComputedStyle(parent).fontSize);
        if (size < 11) found.push(`${walk.currentNode.data.trim().slice(0, 20)} ${size}px`);
    }
    return found;
}"""


@dataclass
class World:
    """A shop with an order, and who made it."""

    sale: Sale
    client: Client
    number: str

    def pages(self) -> list[str]:
        """What shoppers see most; the order of a visit."""
        return [
            "/",
            "/categories/",
            "/category/beauty/",
            "/search/?q=龙井",
            "/search/?q=没有这样的东西",
            f"/product/{self.sale.wash.pk}/",
            "/cart/",
            "/checkout/",
            f"/orders/{self.number}/pay/",
            "/orders/",
            f"/orders/{self.number}/",
            "/me/",
            "/me/coupons/",
            "/coupons/",
            "/help/shipping/",
            "/nowhere/",
        ]


@pytest.fixture
def world(monkeypatch) -> World:
    """The shop of the first sale, a member with an order, and one thing in the cart."""
    sale, at = open_shop(), clock.now()
    publish_product(product=sale.tea, at=at)
    refresh_shelf(at, [sale.tea.pk])
    member = make_member(phone=PHONE, tier="gold", points=2_000, nickname="林小满")
    address = make_address(member=member)
    sku = sale.tea.skus.get()
    order = place_order(
        member_id=member.pk,
        submission=Submission(address_id=address.pk, wanted=(Wanted(sku.pk, 1),)),
        at=at,
    )
    client = signed_in(member)
    wash = sale.wash.skus.filter(is_active=True)[0]
    add_line(owner=CartOwner(member_id=member.pk), sku_id=wash.pk, quantity=1, at=at)
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    return World(sale, client, order.number)


@cache
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


def grave_findings(page: Any) -> list[str]:
    """What axe calls serious or critical, with where it is."""
    page.evaluate(axe())
    found = page.evaluate(RUN_AXE)["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:160]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_grave_finding_of_axe(world, live_server, scheme):
    found: dict[str, list[str]] = {}
    with browser() as running:
        shopper = Hands.at(running, live_server.url, NARROW, color_scheme=scheme)
        shopper.let_in(world.client)
        for path in world.pages():
            shopper.go(path)
            if grave := grave_findings(shopper.page):
                found[path] = grave

    assert found == {}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_pages_stand_still_while_they_load(world, live_server, width):
    shifts = {}
    with browser() as running:
        shopper = Hands.at(running, live_server.url, width)
        shopper.let_in(world.client)
        for path in world.pages():
            shopper.go(path)
            shifts[path] = shopper.page.evaluate(SHIFTS)

    assert {path: sum_ for path, sum_ in shifts.items() if sum_ >= MOST_SHIFT} == {}
    assert len(shifts) == len(world.pages())


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_X_04_nothing_is_wider_or_smaller_than_a_small_phone_bears(world, live_server, prefix):
    wide, tiny = {}, {}
    TALL[SMALL] = 740
    with browser() as running:
        shopper = Hands.at(running, live_server.url, SMALL)
        shopper.let_in(world.client)
        for path in world.pages():
            shopper.go(prefix + path)
            over = shopper.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                wide[path] = over
            if small := shopper.page.evaluate(TINY):
                tiny[path] = small

    assert wide == {}
    assert tiny == {}


def test_X_11_from_home_to_a_placed_order_in_five_clicks(world, live_server):
    clicks: list[str] = []
    with browser() as running:
        shopper = Hands.at(running, live_server.url, NARROW)
        shopper.let_in(world.client)
        shopper.page.expose_function("clicked", lambda what: clicks.append(what))
        shopper.page.context.add_init_script(
            "addEventListener('click', (event) => event.isTrusted && clicked('click'), true)"
        )
        shopper.go("/")
        shopper.click(f"a[href^='/product/{world.sale.tea.pk}/']")
        shopper.page.wait_for_url("**/product/**")
        shopper.click("button[name=then][value=checkout]")
        shopper.page.wait_for_url("**/checkout/**")
        shopper.click("button[name=do][value=place]")
        shopper.page.wait_for_url("**/pay/")

    assert Order.objects.count() == 2
    assert 1 <= len(clicks) <= 5
