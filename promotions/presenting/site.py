"""How the shop is called and looks, its policies and news, pop-ups: one language, no query of its
own beyond those of the cached words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from catalog.presenting import image
from catalog.selectors import stored_picture
from mall.kernel.words import localized
from promotions.models import PopUp
from promotions.selectors import bars, shop_promises, site_settings

POLICIES = ("agreement", "privacy")
COLOURS = {"brand": "#1B5646", "action": "#CB3C1D", "honey": "#F3B949"}
GRAVE = {"warning": 0, "notice": 1, "news": 2}
Shape = dict[str, Any]


def site_dict() -> Shape:
    """The shop's name, words and looks: what operators set, else the house's own."""
    own = site_settings()
    return {
        "brand": localized(own, "name") or _("Mall Jishi"),
        "slogan": localized(own, "slogan") or _("Every fen explained"),
        "about": localized(own, "about") or _("A shop that says how each price is made."),
        "icp": own.get("icp")
        or _("ICP 00000000 · Public Security 00000000000000 · Value-added telecom (demo)"),
        "licence": {"text": own.get("licence_text", ""), "url": own.get("licence_url", "")},
        "hotline": own.get("hotline", ""),
        "hours": localized(own, "hours"),
        "logo": default_storage.url(own["logo_file"]) if own.get("logo_file") else None,
        "colours": {name: own.get(f"{name}_colour") or usual for name, usual in COLOURS.items()},
        "font": own.get("font", "sans"),
    }


def promise_dicts() -> list[dict[str, str]]:
    """What the operators promise with every product: icon, title, line."""
    return [
        {"icon": row["icon"], "title": localized(row, "title"), "line": localized(row, "line")}
        for row in shop_promises()
    ]


def bar_dicts(at: datetime) -> list[Shape]:
    """News over every page, the gravest in front."""
    rows = sorted(bars(at), key=lambda bar: (GRAVE.get(bar["level"], 2), -bar["pk"]))
    return [
        {
            "id": bar["pk"],
            "level": bar["level"],
            "title": localized(bar, "title"),
            "link": bar["slug"],
            "is_dismissible": bar["is_dismissible"],
        }
        for bar in rows
    ]


def policy_dicts(pages: Iterable[Mapping[str, Any]]) -> list[Shape]:
    """The agreement and the privacy policy with the version that holds."""
    return [
        {"slug": page["slug"], "title": localized(page, "title"), "version": page["version"]}
        for page in pages
        if page["topic"] in POLICIES
    ]


def pop_up_dict(row: PopUp) -> Shape:
    """What a pop-up says and when it comes up."""
    return {
        "id": row.pk,
        "title": localized(row, "title"),
        "text": localized(row, "text"),
        "button": localized(row, "button") or _("Take a look"),
        "link": row.link,
        "image": image(stored_picture(row.media)) if row.media else None,
        "trigger": row.trigger,
        "seconds": row.seconds,
    }
