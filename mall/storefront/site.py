"""What the shop says of itself on every page: its name, the navigation, the help in the footer."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mall.kernel import clock
from mall.kernel.words import localized
from mall.storefront.blocks import in_this_language
from mall.storefront.going import with_query
from promotions.models import HelpPage
from promotions.presenting import bar_dicts, site_dict
from promotions.selectors import brand_stylesheet, sheet_digest

COLUMNS = ("guide", "delivery", "after_sales", "about")
Shape = dict[str, Any]
Entries = tuple[tuple[str, str], ...]


def site() -> Shape:
    """The shop's name, words and looks."""
    return {**site_dict(), "stylesheet": stylesheet_url()}


def stylesheet_url() -> str:
    """Where the shop's own colours are: the address changes with them. Empty without any."""
    css = brand_stylesheet()
    return reverse("brand_css", args=[sheet_digest(css)]) if css else ""


def news_bars() -> list[Shape]:
    """News over every page, with links on the reader's side."""
    return [
        {**bar, "url": in_this_language(bar["link"]) if bar["link"] else ""}
        for bar in bar_dicts(clock.now())
    ]


def navigation(path: str) -> list[Shape]:
    """The row of links under the search box; ``path`` is where the visitor is."""
    return _links(_navigation(get_language()), path)


def deals(path: str) -> list[Shape]:
    """The pages of activities, for the row of tabs that leads from one to the other."""
    return _links(_deals(get_language()), path)


@cache
def _navigation(_language: str | None) -> Entries:
    """Words and addresses, which are the same at every request in a language."""
    found = reverse("storefront:search")
    return (
        (_("Home"), reverse("storefront:home")),
        (_("New arrivals"), with_query(found, ordering="newest")),
        (_("Bestsellers"), reverse("storefront:hot")),
        (_("Topics"), reverse("storefront:topics")),
        (_("Flash sale"), reverse("storefront:flashes")),
        (_("Coupon centre"), reverse("storefront:coupons")),
        (_("My account"), reverse("storefront:me")),
    )


@cache
def _deals(_language: str | None) -> Entries:
    return (
        (_("Flash sale"), reverse("storefront:flashes")),
        (_("Group buy"), reverse("storefront:groups")),
        (_("Bargain"), reverse("storefront:bargains")),
        (_("Presale"), reverse("storefront:presales")),
    )


def _links(entries: Entries, path: str) -> list[Shape]:
    return [{"label": label, "url": url, "current": url == path} for label, url in entries]


def help_columns(pages: Iterable[Mapping[str, str]]) -> list[Shape]:
    """The help pages in the columns of the footer; empty columns and policies are left out."""
    rows = list(pages)
    columns = [
        {
            "label": str(HelpPage.Topic(topic).label),
            "pages": [_entry(page) for page in rows if page["topic"] == topic],
        }
        for topic in COLUMNS
    ]
    return [column for column in columns if column["pages"]]


def _entry(page: Mapping[str, str]) -> dict[str, str]:
    return {"slug": page["slug"], "title": localized(page, "title")}
