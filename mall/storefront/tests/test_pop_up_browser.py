"""Pop-ups on the way out (P-62): when the pointer leaves for the tabs, or somebody comes back to a
page they had left, as one does on a phone; never on entry."""

import pytest

from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.shop import make_goods
from mall.storefront.tests.test_site import make_pop_up
from promotions.models import PopUp, PopUpSight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HIDE = """(state) => {
    Object.defineProperty(document, "visibilityState", { get: () => state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
LEAVE = """(y) => document.documentElement.dispatchEvent(
    new MouseEvent("mouseleave", { clientX: 300, clientY: y }))"""
OPEN = "dialog.popup[open]"


def arrived(running, address, width, path):
    """Somebody whose page stands still, its pop-up waiting unseen."""
    hands = Hands.at(running, address, width)
    hands.go(path)
    hands.page.locator("dialog.popup").wait_for(state="attached")
    assert hands.page.locator(OPEN).count() == 0
    return hands


def test_P_62_a_pop_up_on_leaving_comes_up_by_pointer_and_on_a_phone_by_coming_back(live_server):
    make_pop_up(trigger=PopUp.Trigger.EXIT)
    path = f"/product/{make_goods().pk}/"
    with browser() as running:
        shopper = arrived(running, live_server.url, WIDE, path)
        shopper.page.locator("[data-share], .btn, a").first.focus()
        shopper.page.evaluate(LEAVE, 400)
        shopper.page.wait_for_timeout(200)
        assert shopper.page.locator(OPEN).count() == 0

        shopper.page.evaluate(LEAVE, -1)
        shopper.shows(OPEN)
        box = shopper.page.locator(OPEN).bounding_box()
        assert box["width"] == 360
        with shopper.page.expect_response("**/closed/"):
            shopper.page.keyboard.press("Escape")
        assert shopper.page.evaluate("document.activeElement !== document.body")
        shopper.page.evaluate(LEAVE, -1)
        shopper.page.wait_for_timeout(200)
        assert shopper.page.locator(OPEN).count() == 0

        phone = arrived(running, live_server.url, NARROW, path)
        for state in ("hidden", "visible"):
            assert phone.page.locator(OPEN).count() == 0
            phone.page.evaluate(HIDE, state)
        phone.shows(OPEN)

    heard = [*shopper.complaints, *phone.complaints]
    assert [one for one in heard if "404 (Not Found)" not in one] == []
    assert [sight.shown for sight in PopUpSight.objects.all()] == [1, 1]
