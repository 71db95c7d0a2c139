"""What the shop says of itself on every page: its name, the navigation, the help in the footer."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mall.kernel import clock
from mall.kernel.words import localized
from mall.storefront.blocks import in_this_language
from mall.storefront.going import with_query
from promotions.models import HelpPage
from promotions.selectors import bars, brand_stylesheet, site_settings

COLUMNS = ("guide", "delivery", "after_sales", "about")
POLICIES = ("agreement", "privacy")
Shape = dict[str, Any]


def site() -> Shape:
    """The shop's name, words and looks: what operators set, else the house's own."""
    own = site_settings()
    return {
        "brand": localized(own, "name") or _("Mall Jishi"),
        "slogan": localized(own, "slogan") or _("Every fen explained"),
        "about": localized(own, "about") or _("A shop that says how each price is made."),
        "icp": own.get("icp")
        or _("ICP 00000000 · Public Security 00000000000000 · Value-added telecom (demo)"),
        "licence_text": own.get("licence_text", ""),
        "licence_url": own.get("licence_url", ""),
        "hotline": own.get("hotline", ""),
        "hours": localized(own, "hours"),
        "logo": _logo(own),
        "colour": own.get("brand_colour") or "#1B5646",
        "stylesheet": stylesheet_url(),
    }


def _logo(own: Mapping[str, Any]) -> Shape | None:
    """The operators' logo; None for the house's own."""
    if not own.get("logo_file"):
        return None
    return {"url": default_storage.url(own["logo_file"])}


def stylesheet_url() -> str:
    """Where the shop's own colours are: the address changes with them. Empty without any."""
    css = brand_stylesheet()
    return reverse("brand_css", args=[digest_of(css)]) if css else ""


def digest_of(css: str) -> str:
    """The name of a stylesheet by what is in it."""
    return hashlib.sha256(css.encode()).hexdigest()[:16]


def news_bars(request: HttpRequest) -> list[Shape]:
    """News over every page, the gravest in front."""
    grave = {"warning": 0, "notice": 1, "news": 2}
    rows = sorted(bars(clock.now()), key=lambda bar: (grave.get(bar["level"], 2), -bar["pk"]))
    return [
        {
            "id": bar["pk"],
            "level": bar["level"],
            "title": localized(bar, "title"),
            "url": in_this_language(bar["slug"]) if bar["slug"] else "",
            "is_dismissible": bar["is_dismissible"],
        }
        for bar in rows
    ]


def navigation(path: str) -> list[Shape]:
    """The row of links under the search box; ``path`` is where the visitor is."""
    found = reverse("storefront:search")
    entries = [
        (_("Home"), reverse("storefront:home")),
        (_("New arrivals"), with_query(found, ordering="newest")),
        (_("Bestsellers"), reverse("storefront:hot")),
        (_("Topics"), reverse("storefront:topics")),
        (_("Flash sale"), reverse("storefront:flashes")),
        (_("Coupon centre"), reverse("storefront:coupons")),
        (_("My account"), reverse("storefront:me")),
    ]
    return _links(entries, path)


def deals(path: str) -> list[Shape]:
    """The pages of activities, for the row of tabs that leads from one to the other."""
    entries = [
        (_("Flash sale"), reverse("storefront:flashes")),
        (_("Group buy"), reverse("storefront:groups")),
        (_("Bargain"), reverse("storefront:bargains")),
        (_("Presale"), reverse("storefront:presales")),
    ]
    return _links(entries, path)


def _links(entries: Iterable[tuple[str, str]], path: str) -> list[Shape]:
    return [{"label": label, "url": url, "current": url == path} for label, url in entries]


def help_columns(pages: Iterable[Mapping[str, str]]) -> list[Shape]:
    """The help pages in the columns of the footer; empty columns and policies are left out."""
    rows = list(pages)
    columns = [
        {
            "label": HelpPage.Topic(topic).label,
            "pages": [_entry(page) for page in rows if page["topic"] == topic],
        }
        for topic in COLUMNS
    ]
    return [column for column in columns if column["pages"]]


def policies(pages: Iterable[Mapping[str, str]]) -> list[Shape]:
    """The agreement and the privacy policy with the version that holds."""
    return [
        {**_entry(page), "version": page["version"]} for page in pages if page["topic"] in POLICIES
    ]


def _entry(page: Mapping[str, str]) -> dict[str, str]:
    return {"slug": page["slug"], "title": localized(page, "title")}
