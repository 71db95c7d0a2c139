"""Every page a shopper sees, in both languages, narrow and wide, light and dark: drawn without a
complaint, and a picture of each in ``var/screenshots/`` to be looked at (`make screenshots`)."""

import re
from itertools import product

import pytest

from mall.storefront.tests.chromium import EAGER, NARROW, SCREENSHOTS, TALL, WIDE, Hands, browser
from mall.tests.window import World, open_world

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TALLEST = 5_000
"""Pixels; what is below says nothing new."""
LANGUAGES = {"zh": ("", "zh-Hans"), "en": ("/en", "en")}
CHINESE = re.compile("[\\u4e00-\\u9fff]")
HOUSE_WORDS = """() => [...document.querySelectorAll(
    "button, legend, th, label > span:first-child, .btn, .tabbar a, .section__head h2, .crumbs a"
)].filter((one) => one.checkVisibility() && !one.closest("[lang], .hot, .filter, .sku, .crumbs")
).map((one) => one.innerText.trim())"""


@pytest.fixture
def world() -> World:
    """A shop that has something on every page."""
    return open_world()


def keep_picture(hands: Hands, name: str) -> None:
    """A picture of the page as far down as it says something; bars stand at its foot."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    hands.page.evaluate(EAGER)
    tall = min(int(hands.page.evaluate("document.documentElement.scrollHeight")), TALLEST)
    height = TALL[hands.width]
    hands.page.set_viewport_size({"width": hands.width, "height": max(tall, height)})
    hands.page.screenshot(path=SCREENSHOTS / f"{name}.png")
    hands.page.set_viewport_size({"width": hands.width, "height": height})


def found_on(hands: Hands, lang: str, theme: str) -> list[str]:
    """What is wrong with the page that stands there."""
    root = hands.page.locator("html")
    wrong = []
    if root.get_attribute("lang") != lang:
        wrong.append(f"speaks {root.get_attribute('lang')}")
    if root.get_attribute("data-theme") != theme:
        wrong.append(f"is {root.get_attribute('data-theme')}")
    if (over := hands.width_over()) > 0:
        wrong.append(f"is {over} px too wide")
    if lang == "en":
        said = hands.page.evaluate(HOUSE_WORDS)
        wrong += [f"says {one}" for one in said if CHINESE.search(one)]
    return wrong


@pytest.mark.parametrize(
    ("tongue", "width", "theme"), list(product(LANGUAGES, (NARROW, WIDE), ("light", "dark")))
)
def test_every_page_is_drawn_as_it_should_be(world, live_server, tongue, width, theme):
    prefix, lang = LANGUAGES[tongue]
    pages = {**world.pages(), **world.further_pages()}
    wrong = {}
    with browser() as running:
        shopper = Hands.at(running, live_server.url, width)
        shopper.let_in(world.client)
        shopper.page.context.add_cookies(
            [{"name": "theme", "value": theme, "url": live_server.url}]
        )
        for name, path in pages.items():
            shopper.go(prefix + path)
            if found := found_on(shopper, lang, theme):
                wrong[name] = found
            keep_picture(shopper, f"{name}-{tongue}-{width}-{theme}")

    assert len(pages) >= 14
    assert wrong == {}
    assert [one for one in shopper.complaints if "/nowhere/" not in one] == []
    assert shopper.strangers == []
