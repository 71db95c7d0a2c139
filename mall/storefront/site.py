"""What the shop says of itself on every page: its name, the navigation, the help in the footer."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.storefront.going import with_query

HELP_COLUMNS = (
    (gettext_lazy("Shopping guide"), ("coupons", "points", "invoice")),
    (gettext_lazy("Delivery"), ("shipping",)),
    (gettext_lazy("After sales"), ("returns",)),
)
"""Which help page stands in which column; the rest goes to the last one."""


def site() -> dict[str, str]:
    """The shop's name and words."""
    return {
        "brand": _("Mall Jishi"),
        "slogan": _("Every fen explained"),
        "about": _("A shop that says how each price is made."),
        "icp": _("ICP 00000000 · Public Security 00000000000000 · Value-added telecom (demo)"),
    }


def navigation(path: str) -> list[dict[str, Any]]:
    """The row of links under the search box; ``path`` is where the visitor is."""
    found = reverse("storefront:search")
    entries = [
        (_("Home"), reverse("storefront:home")),
        (_("New arrivals"), with_query(found, ordering="newest")),
        (_("Bestsellers"), with_query(found, ordering="sales")),
        (_("Flash sale"), reverse("storefront:flashes")),
        (_("Coupon centre"), reverse("storefront:coupons")),
        (_("My account"), reverse("storefront:me")),
    ]
    return _links(entries, path)


def deals(path: str) -> list[dict[str, Any]]:
    """The pages of activities, for the row of tabs that leads from one to the other."""
    entries = [
        (_("Flash sale"), reverse("storefront:flashes")),
        (_("Group buy"), reverse("storefront:groups")),
        (_("Bargain"), reverse("storefront:bargains")),
        (_("Presale"), reverse("storefront:presales")),
    ]
    return _links(entries, path)


def _links(entries: Iterable[tuple[str, str]], path: str) -> list[dict[str, Any]]:
    return [{"label": label, "url": url, "current": url == path} for label, url in entries]


def help_columns(pages: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The help pages ({slug, title}) in the columns of the footer; empty columns are left out."""
    left = {page["slug"]: page for page in pages}
    columns = []
    for label, slugs in HELP_COLUMNS:
        columns.append({"label": label, "pages": [left.pop(s) for s in slugs if s in left]})
    columns.append({"label": _("About us"), "pages": list(left.values())})
    return [column for column in columns if column["pages"]]
