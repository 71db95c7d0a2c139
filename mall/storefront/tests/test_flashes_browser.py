"""A countdown in a real browser whose clock is set while it runs (P-20)."""

import pytest

from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, Hands, browser
from mall.storefront.tests.shop import make_goods
from orders.testing import make_flash_sale

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECONDS_LEFT = """() => {
    const part = (name) => Number(document.querySelector(`.countdown [data-${name}]`).textContent);
    return part("h") * 3600 + part("m") * 60 + part("s");
}"""
CLOCK_AHEAD = "() => { const now = Date.now; Date.now = () => now() + 3600 * 1000; }"


def test_P_20_changing_the_client_clock_does_not_shift_the_countdown(live_server):
    make_flash_sale(make_goods("山茶花礼盒", price_fen=10_000).skus.get(), at=clock.now())

    with browser() as running:
        page = Hands.at(running, live_server.url, NARROW).page
        page.goto(f"{live_server.url}/flash/")
        page.wait_for_timeout(1_200)
        before = page.evaluate(SECONDS_LEFT)
        page.evaluate(CLOCK_AHEAD)
        page.wait_for_timeout(2_500)
        after = page.evaluate(SECONDS_LEFT)

    assert 7_000 < before <= 7_200
    assert 1 <= before - after <= 30
