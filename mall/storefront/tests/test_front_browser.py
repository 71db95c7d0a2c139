"""The head and the first block of the front page: slides, and what is below a department."""

import pytest
from playwright.sync_api import expect

from catalog.services import add_media
from catalog.testing import make_category, make_picture_file
from mall.storefront.tests.chromium import WIDE, Hands, browser
from mall.storefront.tests.shop import make_goods
from mall.storefront.tests.test_content import arrange, block, words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, SECOND, LAST = "first", "second", "last"


def slide(title):
    picture = add_media(file=make_picture_file(1280, 480))
    return {"picture": picture.pk, "title": words(title), "link": "/coupons/"}


@pytest.fixture
def front(live_server):
    arrange(block("carousel", "c", slides=[slide(title) for title in (FIRST, SECOND, LAST)]))
    tea = make_category(title_zh="茶叶", slug="tea")
    make_goods("龙井", category=make_category(tea, title_zh="绿茶", slug="green"))
    return live_server.url


def shown(hands):
    """The slide that stands in the row."""
    return hands.page.evaluate(
        """() => {
            const track = document.querySelector("[data-slides]");
            const at = Math.round(track.scrollLeft / track.clientWidth);
            return track.children[at].querySelector("h2").textContent;
        }"""
    )


def settles(hands, title):
    hands.page.wait_for_function(
        """(title) => {
            const track = document.querySelector("[data-slides]");
            const slide = [...track.children].find((one) => one.textContent.includes(title));
            return Math.abs(slide.getBoundingClientRect().left
                - track.getBoundingClientRect().left) < 4;
        }""",
        arg=title,
    )


def test_slides_turn_by_button_dot_and_key_also_with_reduced_motion(front):
    with browser() as running:
        hands = Hands.at(running, front, WIDE, reduced_motion="reduce")
        hands.go("/")
        dots = hands.page.locator(".carousel__dots a")

        hands.page.locator(f"article:has-text('{FIRST}') [data-turn='1']").click()
        settles(hands, SECOND)
        expect(dots.nth(1)).to_have_attribute("aria-current", "true")
        hands.page.keyboard.press("Enter")
        settles(hands, LAST)
        dots.first.click()
        settles(hands, FIRST)
        hands.page.locator("[data-slides]").focus()
        hands.page.keyboard.press("ArrowLeft")
        settles(hands, LAST)
        hands.page.keyboard.press("Home")
        settles(hands, FIRST)

        assert hands.page.evaluate("scrollY") == 0
        assert hands.complaints == []


def test_slides_turn_without_a_script(front):
    with browser() as running:
        hands = Hands.at(running, front, WIDE, java_script_enabled=False, reduced_motion="reduce")
        hands.go("/")

        hands.page.locator(f"article:has-text('{FIRST}') [data-turn='-1']").click()
        left = hands.page.locator(f"article:has-text('{LAST}')").bounding_box()["x"]
        frame = hands.page.locator("[data-slides]").bounding_box()["x"]

        assert abs(left - frame) < 4


def test_what_is_below_a_department_comes_up_for_mouse_and_keyboard(front):
    with browser() as running:
        hands = Hands.at(running, front, WIDE)
        hands.go("/")
        everything = hands.page.locator(".mainnav__all")
        panel = hands.page.locator("#departments-all")

        everything.hover()
        expect(panel.get_by_role("link", name="绿茶")).to_be_visible()
        expect(everything).to_have_attribute("aria-expanded", "true")
        hands.page.keyboard.press("Escape")
        hands.page.mouse.move(640, 880)
        expect(panel).to_be_hidden()

        everything.focus()
        hands.page.keyboard.press("ArrowDown")
        expect(panel.get_by_role("link").first).to_be_focused()
        hands.page.keyboard.press("Escape")
        expect(everything).to_be_focused()
        expect(panel).to_be_hidden()

        hands.page.locator(".side-cats a[data-department]").first.hover()
        beside = hands.page.locator("#departments-stage")
        expect(beside.get_by_role("link", name="绿茶")).to_be_visible()
        assert hands.complaints == []
        beside.get_by_role("link", name="绿茶").click()
        hands.page.wait_for_url("**/category/green/")
