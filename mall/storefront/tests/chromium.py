"""A shopper's hands on a real browser, and ears for everything it complains about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from unittest import mock

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from mall.runner.machine import chromium

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000
SMALL, NARROW, WIDE, LARGE = 360, 390, 1280, 1440
TALL = {SMALL: 740, NARROW: 844, WIDE: 900, LARGE: 900}
SCREENSHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"
EAGER = """async () => {
    for (const image of document.querySelectorAll("img[loading]")) image.loading = "eager";
    await Promise.all([...document.images].map((image) => image.decode().catch(() => 0)));
}"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium of this machine. Its loop runs in this thread, so Django is told to leave the ORM
    alone while it is open."""
    ask = mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"})
    with ask, sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield running
        running.close()


@dataclass
class Hands:
    """One person at one screen. Paths are below ``origin``; what goes wrong is written down."""

    page: Page
    origin: str
    width: int
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, running: Browser, origin: str, width: int, **context: Any) -> Self:
        """A fresh browser window of a width."""
        window: ViewportSize = {"width": width, "height": TALL[width]}
        made = running.new_context(viewport=window, locale="zh-CN", **context)
        made.set_default_timeout(PATIENCE_MS)
        hands = cls(made.new_page(), origin, width)
        hands.page.on("console", hands.heard)
        hands.page.on("pageerror", lambda error: hands.complaints.append(str(error)))
        hands.page.on("request", lambda request: hands.asked(request.url))
        return hands

    def heard(self, message: Any) -> None:
        """The console: errors, and whatever the content policy blocked."""
        if message.type == "error" or "Content Security Policy" in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def asked(self, url: str) -> None:
        """The network: only our own host is asked."""
        if not url.startswith((self.origin, "data:", "blob:")):
            self.strangers.append(url)

    def let_in(self, client: Client) -> None:
        """Bring what a test client was given at the door: signed in without the form."""
        self.page.context.add_cookies(
            [
                {"name": name, "value": crumb.value, "url": self.origin}
                for name, crumb in client.cookies.items()
            ]
        )

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(f"{self.origin}{path}")

    def click(self, selector: str) -> None:
        """Click the first one that can be seen."""
        self.page.locator(f"{selector} >> visible=true").first.click()

    def follow(self, selector: str, ending: str) -> None:
        """Click, and wait until the address ends like that."""
        self.click(selector)
        self.page.wait_for_url(lambda url: url.split("?")[0].endswith(ending))

    def text(self, selector: str = "body") -> str:
        """The words that can be read there."""
        return self.page.locator(selector).first.inner_text()

    def shows(self, selector: str) -> None:
        """Wait until it can be seen."""
        self.page.locator(f"{selector} >> visible=true").first.wait_for()

    def width_over(self) -> int:
        """How many pixels the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def shoot(self, name: str) -> None:
        """Check that the page fits; with MALL_SCREENSHOTS=1 keep a picture of it."""
        over = self.width_over()
        assert over <= 0, f"{self.page.url} is {over} px wider than {self.width}"
        if os.environ.get("MALL_SCREENSHOTS") == "1":
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.page.evaluate(EAGER)
            path = SCREENSHOTS / f"{name}-{self.width}.png"
            self.page.screenshot(path=path, full_page=True)
