"""How the shop is called, looks and whether it is open: read on every page, so kept in the cache.

Two entries: the shutter, which every request asks for, and what stands on every page. Verbs that
change either drop it; windows are judged by the clock at reading, so no copy is ever late.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, TextField, Value
from django.db.models.functions import JSONObject, Lower
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from catalog.models import SearchBan
from catalog.selectors import hot_phrases
from mall.kernel.caching import (
    CONTENT,
    OnceARequest,
    changed,
    is_older_than_change,
    keep,
    kept,
    reading_begins,
)
from mall.kernel.words import localized
from promotions.content.colours import palettes, scale, stylesheet
from promotions.models import (
    Announcement,
    HelpPage,
    HotPin,
    HotSale,
    HotWord,
    Maintenance,
    PopUp,
    ShopPromise,
    SiteSettings,
    ZoneSettings,
)

SHUTTER_KEY, SITE_KEY = "site.shutter", "site.words.2"
"""A copy outlives the release that made it: another form of what is kept takes another key."""
CACHE_SECONDS = 60
WORDS_SHOWN = 10
NEWS_SHOWN = 5
HOT_SHOWN = 20
MOST_SEARCHED = 40
SEARCHED = "query"
SETTINGS = (
    "name_zh", "name_en", "slogan_zh", "slogan_en", "about_zh", "about_en", "brand_colour",
    "action_colour", "honey_colour", "font", "icp", "licence_text", "licence_url", "hotline",
    "hours_zh", "hours_en",
)  # fmt: skip
LOGO = {f"logo_{name}": F(f"logo__{name}") for name in ("file", "width", "height")}
NOTHING = {name: Value("", TextField()) for name in ("slug", "title_zh", "title_en")}
UNSORTED = {"sort": Value(0)}


@dataclass(frozen=True, slots=True)
class Shutter:
    """Whether shoppers are let in, and what they read when not."""

    is_on: bool = False
    message_zh: str = ""
    message_en: str = ""
    until: datetime | None = None

    def is_down(self, at: datetime) -> bool:
        """True while the shop is closed; it opens by the clock."""
        return self.is_on and (self.until is None or at < self.until)


OPEN = Shutter()


def shutter() -> Shutter:
    """The shop's shutter. Queries: 1, none while the cache has it."""
    found = cache.get(SHUTTER_KEY)
    if isinstance(found, Shutter):
        return found
    began_at = reading_begins()
    row = Maintenance.objects.first()
    state = OPEN if row is None else Shutter(row.is_on, row.message_zh, row.message_en, row.until)
    if not is_older_than_change(began_at, (CONTENT,)):
        cache.set(SHUTTER_KEY, state, CACHE_SECONDS)
    return state


def site_words() -> dict[str, list[dict[str, Any]]]:
    """What stands on every page, in both languages: ``hot`` words, ``help`` pages, ``bars`` of news
    that are not over, ``promises``, ``site`` (settings) and ``zones``, at most one each.

    Queries: 1, none while the cache has it, which is asked once a request.
    """
    return {**_known_words()}


@OnceARequest
def _known_words() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] | None = kept(SITE_KEY, tags=(CONTENT,))
    if found is None:
        began_at = reading_begins()
        found = _read_words()
        keep(SITE_KEY, found, began_at=began_at, tags=(CONTENT,), seconds=CACHE_SECONDS)
    return found


def _read_words() -> dict[str, list[dict[str, Any]]]:
    parts = {
        "hot": _hot_words(),
        "help": _part(HelpPage.objects.filter(is_published=True), "topic", "version"),
        "bars": _part(
            Announcement.objects.annotate(slug=F("link"), **UNSORTED),
            *("level", "is_bar", "is_dismissible", "starts_at", "ends_at"),
        ),
        "site": _part(SiteSettings.objects.annotate(**NOTHING, **UNSORTED), *SETTINGS, **LOGO),
        "zones": _part(
            ZoneSettings.objects.annotate(**NOTHING, **UNSORTED), "hot_days", "new_days"
        ),
        "promises": _part(
            ShopPromise.objects.filter(is_active=True).annotate(slug=Value("", TextField())),
            *("icon", "line_zh", "line_en"),
        ),
        "hot_pins": _part(HotPin.objects.annotate(**NOTHING), "product_id", "starts_at", "ends_at"),
        "pop_ups": _part(
            PopUp.objects.filter(is_active=True).annotate(slug=Value("", TextField())),
            *("starts_at", "ends_at"),
        ),
        "hot_sales": _part(_best_sold().annotate(**NOTHING, sort=-F("pieces")), "product_id"),
    }
    columns = ("kind", "slug", "title_zh", "title_en", "more", "sort", "pk")
    first, *others = [
        rows.annotate(kind=Value(kind, TextField())).values(*columns)
        for kind, rows in parts.items()
    ]
    others.append(_searched().values(*columns))
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in (*parts, SEARCHED)}
    for row in first.union(*others, all=True).order_by("kind", "sort", "pk"):
        words = {name: row[name] for name in ("pk", "slug", "title_zh", "title_en")}
        found[row["kind"]].append({**words, **(row["more"] or {})})
    return {**found, "hot": found["hot"][:WORDS_SHOWN]}


def _best_sold() -> Any:
    best = HotSale.objects.filter(pieces__gt=0).order_by("-pieces", "-product_id")
    return HotSale.objects.filter(pk__in=best.values("pk")[:HOT_SHOWN])


def _hot_words() -> Any:
    """What operators pinned, without banned words."""
    words = {"title_zh": F("word_zh"), "title_en": F("word_en")}
    banned = SearchBan.objects.filter(
        word__in=[Lower(OuterRef("word_zh")), Lower(OuterRef("word_en"))]
    )
    rows = HotWord.objects.filter(~Exists(banned))
    return _part(rows.annotate(**{**NOTHING, **words}), word=F("word_zh"))


def _searched() -> Any:
    """What shoppers search most, under the kind that these rows have themselves."""
    rows = hot_phrases().annotate(
        title_zh=F("text"),
        title_en=F("text"),
        sort=-F("sessions"),
        more=JSONObject(language=F("language")),
    )
    return rows[:MOST_SEARCHED]


def search_words() -> list[str]:
    """Words to search in the reader's language: pinned ones first, then those that many search.

    Queries: those of ``site_words``.
    """
    language, words = get_language(), site_words()
    searched = [word for word in words[SEARCHED] if word["language"] == language]
    found = [localized(word, "title") for word in (*words["hot"], *searched)]
    return list(dict.fromkeys(found))[:WORDS_SHOWN]


def _part(rows: Any, *names: str, **columns: Any) -> Any:
    """Rows of one kind, what only they have in ``more``."""
    more = JSONObject(**{name: F(name) for name in names}, **columns)
    return rows.order_by().annotate(more=more)


def bars(at: datetime) -> list[dict[str, Any]]:
    """News that stand over every page now. Queries: those of ``site_words``."""
    return [bar for bar in site_words()["bars"] if bar["is_bar"] and _is_on(bar, at)]


def news(at: datetime) -> list[dict[str, Any]]:
    """Shop news that is not over, newest first. Queries: those of ``site_words``."""
    rows = [row for row in site_words()["bars"] if _is_on(row, at)]
    return sorted(rows, key=lambda row: (row["starts_at"], row["pk"]), reverse=True)[:NEWS_SHOWN]


def has_pop_ups(at: datetime) -> bool:
    """True when some pop-up is on: only then a page asks for one. Queries: of ``site_words``."""
    return any(_is_on(row, at) for row in site_words()["pop_ups"])


def hot_ids(at: datetime, limit: int) -> list[int]:
    """Products of the hot zone, pins in front, each once. Queries: those of ``site_words``."""
    words = site_words()
    pins = [row["product_id"] for row in words["hot_pins"] if _is_on(row, at)]
    sold = [row["product_id"] for row in words["hot_sales"]]
    return list(dict.fromkeys([*pins, *sold]))[:limit]


def _is_on(row: Mapping[str, Any], at: datetime) -> bool:
    starts_at, ends_at = row["starts_at"], row["ends_at"]
    begun = not starts_at or _moment(starts_at) <= at
    return begun and (not ends_at or at < _moment(ends_at))


def _moment(text: str) -> datetime:
    found = parse_datetime(text)
    assert found is not None, "PostgreSQL writes instants"
    return found


def site_settings() -> dict[str, Any]:
    """The shop's own words and colours; empty where nothing was set. Queries: of ``site_words``."""
    rows = site_words()["site"]
    return rows[0] if rows else {}


def shop_promises() -> list[dict[str, Any]]:
    """What operators promise with every product, in their order. Queries: of ``site_words``."""
    return site_words().get("promises", [])


def brand_stylesheet() -> str:
    """The shop's own colours and letters as CSS; empty while there are none. Queries: of
    ``site_words``."""
    own = site_settings()
    colours = {name: own.get(f"{name}_colour", "") for name in ("brand", "action", "honey")}
    font = own.get("font", "sans")
    if not any(colours.values()) and font == "sans":
        return ""
    return stylesheet(palettes(**colours), font)


def sheet_digest(css: str) -> str:
    """The name of a stylesheet by what is in it."""
    return hashlib.sha256(css.encode()).hexdigest()[:16]


def brand_scale() -> dict[str, str]:
    """Steps of the brand's colour for the console; none while it has the house's own. Queries: of
    ``site_words``."""
    brand = site_settings().get("brand_colour", "")
    return scale(brand) if brand else {}


def zone_days() -> tuple[int, int]:
    """(days of the hot zone, days of the new zone). Queries: those of ``site_words``."""
    rows = site_words()["zones"]
    usual = ZoneSettings()
    if not rows:
        return usual.hot_days, usual.new_days
    return rows[0]["hot_days"], rows[0]["new_days"]


def drop_site_words() -> None:
    """Let the next page read afresh what stands on every page, and whether the shop is open; pages
    that strangers share are made anew (docs/caching.md)."""
    cache.delete_many([SHUTTER_KEY, SITE_KEY])
    _known_words.forget()
    changed(CONTENT)
