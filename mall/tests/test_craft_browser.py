"""The shopper's pages as a screen reader, a thumb and a slow eye meet them: axe, its width, shifts.

No serious or critical finding, nothing wider than the screen from 360 to 1440 px, no text below
11 px, no target below 24 px, a layout shift below 0.05; light and dark.
"""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from mall.storefront.tests.chromium import LARGE, NARROW, SMALL, WIDE, Hands, browser
from mall.tests.window import World, make_tea_topic, open_world
from orders.models import Order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_SHIFT = 0.05
TOPIC, ADDRESS_FORM = "/en/topic/tea/", "/en/me/addresses/new/"
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


@pytest.fixture
def world() -> World:
    """A shop that has something on every page."""
    return open_world()


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


@pytest.mark.parametrize(
    ("scheme", "guests", "members"),
    [("light", ["/en/login/", TOPIC], []), ("dark", [], [ADDRESS_FORM])],
)
def test_no_page_has_a_grave_finding_of_axe(world, live_server, scheme, guests, members):
    """Chinese on a phone, and a few pages in English on a wide screen."""
    make_tea_topic(world.sale)
    found: dict[str, list[str]] = {}
    with browser() as running:
        shopper = Hands.at(running, live_server.url, NARROW, color_scheme=scheme)
        shopper.let_in(world.client)
        for path in world.pages().values():
            shopper.go(path)
            if grave := grave_findings(shopper.page):
                found[path] = grave
        reader = Hands.at(running, live_server.url, WIDE, color_scheme=scheme)
        for path in guests + members:
            if path in members:
                reader.let_in(world.client)
            reader.go(path)
            assert reader.page.url.endswith(path)
            if grave := grave_findings(reader.page):
                found[path] = grave

    assert found == {}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_pages_stand_still_while_they_load(world, live_server, width):
    shifts = {}
    with browser() as running:
        shopper = Hands.at(running, live_server.url, width)
        shopper.let_in(world.client)
        for path in world.pages().values():
            shopper.go(path)
            shifts[path] = shopper.page.evaluate(SHIFTS)

    assert {path: sum_ for path, sum_ in shifts.items() if sum_ >= MOST_SHIFT} == {}
    assert len(shifts) == len(world.pages())


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_X_04_nothing_is_wider_or_smaller_than_the_screen_bears(world, live_server, prefix):
    wide, tiny = {}, {}
    with browser() as running:
        shopper = Hands.at(running, live_server.url, SMALL)
        shopper.let_in(world.client)
        for path in world.pages().values():
            shopper.go(prefix + path)
            if (over := shopper.width_over()) > 0:
                wide[path] = over
            if small := shopper.page.evaluate(TINY):
                tiny[path] = small
        desk = Hands.at(running, live_server.url, LARGE)
        desk.let_in(world.client)
        for name in ("home", "product", "checkout", "me"):
            desk.go(prefix + world.pages()[name])
            assert desk.width_over() <= 0, name

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
