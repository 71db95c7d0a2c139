"""The console in a real browser: it works under its policy, asks nobody else, fits a phone."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from analytics.services import aggregate_days
from mall.kernel import clock
from mall.runner.machine import chromium
from members.testing import PASSWORD, make_member, make_operator
from orders.testing import make_order, make_stocked_sku

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (390, 1280)
PAGES = (
    "", "reports/?span=30d", "tasks/", "invariants/", "orders/order/", "kernel/auditentry/",
    "catalog/product/add/", "promotions/coupon/add/",
)  # fmt: skip


@dataclass
class Ears:
    """What a page complained about, and whom it asked."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: self._asked(asked.url))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.origin, "data:", "blob:")):
            self.strangers.append(url)


@pytest.fixture
def shop() -> None:
    """An operator and a week of trade."""
    now = clock.now()
    make_operator(username="admin")
    member, sku = make_member(at=now - timedelta(days=9)), make_stocked_sku()
    for day in range(6):
        make_order(
            member=member, sku=sku, quantity=day + 1, paid=True, at=now - timedelta(days=day)
        )
    aggregate_days(first=clock.day_of(now) - timedelta(days=6), last=clock.day_of(now), at=now)


@pytest.fixture
def browser(shop, live_server, monkeypatch) -> Iterator:
    """Chromium; the ORM is left alone while it runs, but Django cannot know that."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield running
        running.close()


def sign_in(context: BrowserContext, origin: str, ears: Ears) -> Page:
    page = context.new_page()
    ears.listen(page)
    page.goto(f"{origin}/admin/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button[type=submit]")
    page.wait_for_url(f"{origin}/admin/")
    return page


def test_every_kind_of_page_works_under_the_policy_and_fits(browser, live_server):
    origin, ears = live_server.url, Ears(live_server.url)
    too_wide = []
    for width in WIDTHS:
        with browser.new_context(viewport={"width": width, "height": 900}) as context:
            page = sign_in(context, origin, ears)
            for path in PAGES:
                page.goto(f"{origin}/admin/{path}", wait_until="load")
                over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                too_wide += [f"{path} at {width}: {over} px"] if over > 0 else []

    assert (ears.complaints, ears.strangers, too_wide) == ([], [], [])


def test_the_theme_the_drawer_the_menu_and_the_language_answer_the_hand(browser, live_server):
    origin, ears = live_server.url, Ears(live_server.url)
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = sign_in(context, origin, ears)
        page.goto(f"{origin}/admin/orders/order/")
        page.get_by_text("filter_list").click()
        page.locator("#changelist-filter").wait_for(state="visible")
        page.keyboard.press("Escape")

        page.goto(f"{origin}/admin/")
        for theme in ("light", "dark"):
            page.keyboard.press("Control+e")
            page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
        page.get_by_text("unfold_more").click()
        page.get_by_role("button", name="English").click()
        page.wait_for_function("document.documentElement.lang === 'en'")
        title = page.locator("h1").inner_text()

    assert title == "Workbench"
    assert (ears.complaints, ears.strangers) == ([], [])


def test_the_chart_has_a_point_a_day_and_the_table_says_the_same(browser, live_server):
    origin, ears = live_server.url, Ears(live_server.url)
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = sign_in(context, origin, ears)
        page.goto(f"{origin}/admin/reports/?span=7d")
        chart = page.locator(".drawn--gmv_fen")
        box = chart.locator(".drawn__area").bounding_box()
        dots = [dot.bounding_box() for dot in chart.locator("circle").all()]
        told = [title.text_content() for title in chart.locator("title").all()]
        rows = page.locator("section[aria-labelledby=days] tbody tr").count()

    assert len(dots) == len(told) == rows == 7
    assert all(box["x"] - 6 <= dot["x"] <= box["x"] + box["width"] + 6 for dot in dots)
    assert "¥600.00" in told[1]
    assert ears.complaints == []
