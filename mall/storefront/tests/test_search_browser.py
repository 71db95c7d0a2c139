"""Searching with hands: suggestions by keyboard, a filter, what was meant, and back."""

import re

import pytest
from playwright.sync_api import expect

from catalog.services import add_media, keep_phrases, set_attributes, set_gallery
from catalog.testing import (
    make_attribute,
    make_brand,
    make_category,
    make_picture_file,
    make_root,
)
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.shop import make_goods
from promotions.models import HotWord

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOX = "#q"
OPTIONS = "#suggestions [role=option]"


@pytest.fixture
def shop():
    """A shelf of earphones in two colours and weights, one hot word."""
    category = make_category(make_root(title_zh="数码"), title_zh="耳机", title_en="Earphones")
    colours = [
        {"code": "black", "zh": "黑色", "en": "Black"},
        {"code": "white", "zh": "白色", "en": "White"},
    ]
    words = {"title_zh": "颜色", "title_en": "Colour", "is_searchable": True}
    make_attribute(category, code="colour", kind="choice", choices=colours, **words)
    units = {"title_zh": "重量", "title_en": "Weight", "unit_zh": "克", "unit_en": "g"}
    make_attribute(category, code="weight", kind="number", is_searchable=True, **units)
    story = {"story_zh": "把声音做干净。", "story_en": "Clean sound."}
    picture = add_media(file=make_picture_file())
    brand = make_brand(title_zh="山声", title_en="Shansheng", slug="shansheng", **story)
    for n in range(6):
        goods = make_goods(
            f"降噪耳机 {n}号", category=category, brand=brand if n % 2 else None,
            price_fen=9_900 + n * 10_000, title_en=f"Noise cancelling earphones {n}",
        )  # fmt: skip
        colour = ("白色", "White") if n % 3 else ("黑色", "Black")
        values = {"colour": colour, "weight": (str(40 + n * 30), "")}
        set_attributes(product=goods, values=values, at=clock.now())
        set_gallery(product=goods, pictures=[picture])
    HotWord.objects.create(word_zh="降噪耳机", word_en="headphones")
    keep_phrases(clock.now())
    return brand


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_search_box_is_a_combobox_and_results_can_be_narrowed(shop, live_server, width):
    with browser() as running:
        hands = Hands.at(running, live_server.url, width)
        suggest_by_keyboard(hands)
        narrow(hands)
        mean_something_else(hands)
        for path, name in (
            ("/search/?q=xyz", "search-nothing"),
            ("/en/search/?q=earphones", "search-en"),
            ("/brand/shansheng/", "brand"),
            ("/en/brand/shansheng/", "brand-en"),
        ):
            hands.go(path)
            hands.shoot(name)

    assert hands.strangers == []
    assert hands.complaints == []


def suggest_by_keyboard(hands):
    """Hot words on an empty box, what fits while typing, arrows, Escape, Enter; history next."""
    hands.go("/")
    box = hands.page.locator(BOX)
    expect(box).to_have_attribute("role", "combobox")
    box.focus()
    expect(hands.page.locator(OPTIONS)).to_have_count(1)
    with hands.page.expect_response("**/suggest/?q=er"):
        box.type("er")
    expect(hands.page.locator(OPTIONS).first).to_have_text(re.compile("^耳机"))
    expect(box).to_have_attribute("aria-expanded", "true")
    hands.shoot("search-suggest")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-0")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.input_value() == "er"
    box.fill("降噪耳机")
    box.press("Enter")
    hands.page.wait_for_url("**/search/?q=*")
    expect(hands.page.locator("h1")).to_contain_text("降噪耳机")


def narrow(hands):
    """A colour leaves as many as it says; the chip takes it back."""
    hands.shoot("search")
    if hands.width == NARROW:
        hands.click('a[href="#facets"]')
        expect(hands.page.locator("#facets")).to_be_visible()
    label = hands.page.locator("#facets label", has_text="黑色")
    expect(label).to_contain_text("2")
    expect(hands.page.locator("#facets")).to_contain_text("100 克 以上")
    label.click()
    if hands.width == NARROW:
        hands.click("#facets button")
    expect(hands.page.locator(".card")).to_have_count(2)
    chip = hands.page.locator(".chip.is-on")
    expect(chip).to_contain_text("黑色")
    hands.shoot("search-narrowed")
    chip.click()
    expect(hands.page.locator(".card")).to_have_count(6)


def mean_something_else(hands):
    """A slip is put right and says so; as typed there is nothing, with words to go on."""
    hands.go("/search/?q=降躁耳机")
    expect(hands.page.locator(".found__fix")).to_contain_text("降噪耳机")
    hands.shoot("search-corrected")
    hands.click(".found__fix a")
    expect(hands.page.locator(".card").first).to_be_visible()
    assert "exact=true" in hands.page.url
    box = hands.page.locator(BOX)
    box.fill("")
    box.blur()
    box.focus()
    expect(hands.page.locator(OPTIONS).first).to_contain_text("降噪耳机")
