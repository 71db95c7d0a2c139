"""Where things stand on a screen: beside each other, never over each other, nothing twice."""

import pytest

from catalog.testing import make_category
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.shop import make_goods, make_words
from mall.storefront.tests.test_content import arrange, block, words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GOODS = 7
IN_GUTTER = """() => {
    const box = (name) => document.querySelector(name).getBoundingClientRect();
    return box(".floating").left >= box("main .section").right;
}"""
ROWS = """() => {
    const cards = [...document.querySelectorAll(".grid--full > li")];
    return cards.filter((card) => card.offsetHeight).length;
}"""
SEEN_HEADS = """() => [...document.querySelectorAll("h1, .pagebar__title")]
    .filter((head) => head.offsetWidth > 1).length"""


def test_help_stays_in_the_gutter_shelves_end_full_and_a_title_is_seen_once(live_server):
    make_words()
    category = make_category(title_zh="茶", slug="tea")
    for number in range(GOODS):
        make_goods(f"茶 {number}", category=category)
    button = {"icon": "chat", "label": words("客服"), "link": "/help/contact/"}
    arrange(block("feed", count=20), block("floating", "f", buttons=[button]))

    with browser() as running:
        wide = Hands.at(running, live_server.url, WIDE)
        wide.go("/")
        narrow = Hands.at(running, live_server.url, NARROW)
        narrow.go("/")

        assert wide.page.evaluate(IN_GUTTER)
        assert wide.page.locator(".floating a").get_attribute("title") == "客服"
        assert [hands.page.evaluate(ROWS) for hands in (wide, narrow)] == [5, 6]
        for hands in (wide, narrow):
            hands.go("/coupons/")
            assert hands.page.evaluate(SEEN_HEADS) == 1
            assert hands.page.locator("h1").count() == 1
