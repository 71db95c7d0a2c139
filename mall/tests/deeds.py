"""An operator at a browser: through the menu to a list, into a row, a deed, its form, its button.

What is read there is asked for twice: in the operator's own language, and in the other one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Self

from django.urls import reverse
from playwright.sync_api import Browser, Locator

from mall.console.testing import client_of
from mall.storefront.tests.chromium import WIDE, Hands
from members.models import Account

EN, ZH = "en", "zh-hans"
LATIN = re.compile(r"(?<![\w-])[A-Za-z]{3,}(?![\w-])", re.ASCII)
"""Words; the letters of a number or a code are none."""
HAN = re.compile(r"[一-鿿]+")
NAMES = frozenset({"SKU", "CSV", "XLSX", "API", "URL", "INV", "ABC"})
"""Written alike in both languages."""
FACE = "#main :is(h1, h2, h3, th, label, dt, button, ul li a)"
"""What the house has written on a page: headings, labels, buttons; not what people typed."""
WORDS = """(all) => all.filter((one) => one.checkVisibility())
    .map((one) => { const copy = one.cloneNode(true);
        copy.querySelectorAll('.material-symbols-outlined, script, option, select')
            .forEach((inner) => inner.remove());
        return copy.textContent.trim(); })"""


class Desk(Hands):
    """One operator, who reads one language on one screen."""

    @classmethod
    def of(
        cls, running: Browser, origin: str, operator: Account, language: str, width: int = WIDE
    ) -> Self:
        """Somebody sits down."""
        desk = cls.at(running, origin, width)
        desk.let_in(client_of(operator))
        desk.speak(language)
        return desk

    def speak(self, language: str) -> None:
        """From the next page on."""
        self.page.context.add_cookies(
            [{"name": "django_language", "value": language, "url": self.origin}]
        )

    def menu(self, name: str) -> None:
        """Open a screen of the sidebar, which waits behind a button on a phone."""
        if not self.page.url.startswith(f"{self.origin}/"):
            self.go(reverse("admin:index"))
        if self.width < WIDE:
            self.click("[x-on\\:click^='sidebarMobileOpen']")
        path = reverse(f"admin:{name}")
        link = self.page.locator(f"#nav-sidebar-inner a[href='{path}']")
        if not link.is_visible():
            self.page.locator("#nav-sidebar-inner div", has=link).locator("h2").last.click()
        link.click()
        self.page.wait_for_url(f"**{path}")

    def row(self, words: str) -> None:
        """Open the row of a list that says these words."""
        row = self.page.locator("#result_list tbody tr", has_text=words).first
        row.locator("th a, td a").locator("visible=true").first.click()
        self.page.wait_for_url(re.compile("/change/"))

    def deed(self, name: str) -> None:
        """The link of a deed above a list or a row; on a phone it waits behind three dots."""
        words = re.compile(rf"(^|\s){re.escape(name)}\s*$")
        link = self.page.locator("#main ul li a", has_text=words).first
        if not link.is_visible():
            self.click("[x-on\\:click='showActions = !showActions']")
        link.click()
        self.page.wait_for_load_state()

    def fill(self, **typed: Any) -> None:
        """Type, or choose from a list by what it is called or stands for."""
        for name, value in typed.items():
            field = self.field(name)
            if field.evaluate("(one) => one.tagName") == "SELECT":
                field.select_option(str(value))
            else:
                field.fill(str(value))

    def pick(self, name: str, typed: str, words: str) -> None:
        """Look another row up by some letters, and take the one that says these words."""
        self.page.locator(f".field-{name} .select2-selection").click()
        self.page.locator(".select2-search__field").fill(typed)
        self.page.locator(".select2-results__option", has_text=words).first.click()

    def put(self, name: str, file: str, content: str) -> None:
        """Choose a file to upload."""
        kept = {"name": file, "mimeType": "text/csv", "buffer": content.encode()}
        self.page.set_input_files(f"[name={name}]", kept)  # type: ignore[arg-type]

    def field(self, name: str) -> Locator:
        """The field of a form, by its name."""
        return self.page.locator(f"[name='{name}']:not([type=hidden])").first

    def press(self, name: str) -> None:
        """A button of the form, and the page that answers."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).locator(
                "visible=true"
            ).first.click()

    def choose(self, words: str, deed: str, run: str) -> None:
        """Tick the rows that say these words, choose what becomes of them, and run it."""
        rows = self.page.locator("#result_list tbody tr", has_text=words)
        for row in rows.all():
            row.locator("input.action-select").check()
        self.page.locator("select[name=action]").select_option(label=deed)
        self.press(run)

    def says(self, words: str) -> None:
        """A message of the house can be read."""
        self.page.get_by_text(words).locator("visible=true").first.wait_for()

    def refuses(self, name: str, words: str) -> None:
        """The field says in words why it is not taken, and keeps what was typed."""
        block = self.page.locator(".errors", has=self.field(name)).last
        block.get_by_text(words).first.wait_for()

    def leftovers(self, language: str, typed: Collection[str] = ()) -> list[str]:
        """Words of the other language on headings, labels and buttons; what people typed aside."""
        foreign = LATIN if language == ZH else HAN
        found = []
        for text in self.page.locator(FACE).evaluate_all(WORDS):
            for one in sorted(typed, key=len, reverse=True):
                text = text.replace(one, " ")
            found += [word for word in foreign.findall(text) if word not in NAMES]
        return sorted(set(found))

    def other(self, language: str, *typed: str) -> None:
        """The page that is open now, in both languages: it fits, nothing of the other is left.
        Afterwards it is open in one's own."""
        other = EN if language == ZH else ZH
        for spoken in (other, language):
            self.speak(spoken)
            self.page.goto(self.page.url)
            found = [
                self.page.locator("html").get_attribute("lang"),
                *self.leftovers(spoken, typed),
            ]
            assert found == [spoken], f"{self.page.url}: {found}"
            over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{self.page.url} is {over} px too wide for {self.width}"
