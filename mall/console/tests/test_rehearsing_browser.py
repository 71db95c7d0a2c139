"""A rehearsal in a real browser: clicked from the campaign to the report, on a desk and a phone."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from analytics.services import run_rehearsals
from mall.console.tests.test_in_chromium import Ears, sign_in
from mall.kernel import clock
from mall.runner.machine import chromium
from members.testing import make_member, make_operator
from orders.testing import make_order, make_stocked_sku
from promotions.models import Campaign, Rehearsal
from promotions.testing import make_sale, make_threshold_off

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("MALL_SCREENSHOTS", "")


@pytest.fixture
def draft() -> Campaign:
    """A draft sale on goods that a week of orders bought, beside a live 满减."""
    now = clock.now()
    make_operator(username="admin")
    member = make_member(tier="gold", at=now - timedelta(days=9))
    sku = make_stocked_sku(price_fen=20_000)
    make_threshold_off(steps=((30_000, 5_000),))
    for day in range(6):
        make_order(
            member=member, sku=sku, quantity=day + 1, paid=True, at=now - timedelta(days=day)
        )
    return make_sale(prices={sku.pk: 17_000}, status=Campaign.Status.DRAFT, budget_fen=1_000)


@pytest.fixture
def browser(draft, live_server, monkeypatch) -> Iterator:
    """Chromium; the ORM is left alone while it runs, but Django cannot know that."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield running
        running.close()


def english(browser: Browser, origin: str) -> BrowserContext:
    """A desk whose operator reads English."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "django_language", "value": "en", "url": origin}])
    return context


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"rehearsal-{name}.png", full_page=True)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_rehearsal_is_clicked_together_and_read(browser, live_server, draft):
    ears = Ears(live_server.url)
    context = english(browser, live_server.url)
    page = sign_in(context, live_server.url, ears)

    page.goto(live_server.url + reverse("admin:promotions_campaign_change", args=[draft.pk]))
    page.get_by_role("link", name="Rehearse").first.click()
    shoot(page, "ask")
    page.get_by_role("button", name="Rehearse").click()
    assert page.locator("progress").is_visible()
    shoot(page, "progress")
    run_rehearsals(clock.now)
    page.wait_for_selector('[data-state="done"]')  # the page looks again by itself
    shoot(page, "report-en")

    assert page.locator('[data-code="over_budget"]').is_visible()
    assert page.locator('[data-figure="margin_fen"]').is_visible()
    assert fits(page)
    report = page.url
    page.goto(live_server.url + reverse("admin:campaign_findings", args=[draft.pk]))
    page.get_by_role("button", name="Check goods").click()
    assert page.locator('[data-code="goods_sales"]').is_visible()
    shoot(page, "findings-en")
    assert Rehearsal.objects.count() == 1
    assert ears.complaints == []
    assert ears.strangers == []

    state = context.storage_state()
    phone = browser.new_context(viewport={"width": 390, "height": 844}, storage_state=state)
    spoken = {"name": "django_language", "value": "zh-hans", "url": live_server.url}
    phone.add_cookies([spoken])
    small = phone.new_page()
    for name, address in (("report-zh", report), ("findings-zh", page.url)):
        small.goto(address)
        shoot(small, name)
        assert fits(small)


def test_a_basket_is_composed_by_typing_and_priced(browser, live_server, draft):
    ears = Ears(live_server.url)
    context = english(browser, live_server.url)
    page = sign_in(context, live_server.url, ears)
    Campaign.objects.filter(pk=draft.pk).update(budget_fen=None)
    sku = draft.sale_items.get().sku

    page.goto(f"{live_server.url}{reverse('admin:try_basket')}?campaigns={draft.pk}")
    page.locator("#basket tbody .select2").first.click()
    page.locator(".select2-search__field").fill(sku.code)
    page.locator(".select2-results__option--highlighted").click()
    page.get_by_role("button", name="Price it").click()

    assert page.locator("[data-payable]").get_attribute("data-payable") == "17000"
    shoot(page, "basket-en")
    assert fits(page)
    assert ears.complaints == []
