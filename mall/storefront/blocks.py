"""The blocks of the home page, in the order they are shown (docs/pages.md)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import presenting as goods
from catalog.selectors import (
    SEASONAL,
    category_tree,
    home_cards,
    reduced_cards,
    stored_picture,
)
from mall.kernel import clock
from mall.kernel.words import localized
from mall.storefront.going import with_query
from mall.storefront.ladder import standing_shape
from mall.storefront.offers import goods_in
from members.models import Member
from members.selectors import tiers
from promotions.models import Banner, Campaign
from promotions.presenting import coupon_dict
from promotions.selectors import (
    HomeContent,
    activities_of_kind,
    home_content,
    offer_state,
)

RANKED, FRESH, REDUCED, TICKETS, SEASONAL_ROWS = 5, 4, 5, 4, 10
SHELF_ROWS = 20
COUNTDOWN_WITHIN = timedelta(days=7)
"""A price that holds longer than this has no clock on it."""

Block = dict[str, Any]


def home_blocks(
    member: Member | None, offers: Sequence[Any], at: datetime, region_code: str = ""
) -> list[Block]:
    """Everything between masthead and footer; ``offers`` are coupons given out now. Queries: 6, for
    a member 7; 1 more while a flash sale is on."""
    content = home_content(at)
    shelf = home_cards(at=at, count=SHELF_ROWS, region_code=region_code)
    blocks = [
        stage(content, member),
        flash_sale(at) or flash(reduced_cards(at=at, count=REDUCED), at),
        coupons(offers, at),
        topics(content),
        season(shelf),
        *shelves(shelf),
        promises(),
    ]
    return [block for block in blocks if block]


def stage(content: HomeContent, member: Member | None) -> Block:
    """Departments, the banner, who the shopper is, the news."""
    return {
        "kind": "stage",
        "categories": departments(),
        "banners": [banner(row) for row in content.banners[Banner.Place.HERO]],
        "notices": [{"title": localized(row, "title"), "url": ""} for row in content.announcements],
        "tier": standing_shape(member, tiers()) if member else None,
    }


def departments() -> list[Block]:
    """The roots of the tree, everything below them inside. Queries: 1."""
    return [with_icons(goods.branch(root)) for root in category_tree()]


def with_icons(branch: Block) -> Block:
    """A branch whose icons are addresses; without one the name stands alone."""
    icon = branch["icon"]
    return {
        **branch,
        "icon": default_storage.url(icon) if "." in icon else "",
        "children": [with_icons(child) for child in branch["children"]],
    }


def banner(row: Banner) -> Block:
    """A picture with words and a link; ``|`` in a title is a line break."""
    return {
        "ink": row.ink,
        "image": goods.image(stored_picture(row.media)),
        "kicker": localized(row, "kicker"),
        "title": localized(row, "title").replace("|", "\n"),
        "line": localized(row, "text"),
        "button": localized(row, "button") or _("Take a look"),
        "url": in_this_language(row.link),
    }


def in_this_language(path: str) -> str:
    """A path that an operator wrote, on the reader's side of the shop."""
    code = get_language() or ""
    return f"/{code}{path}" if code.startswith("en") and not path.startswith("/en/") else path


def flash_sale(at: datetime) -> Block | None:
    """The flash sale that is on and ends first, with what is taken of its goods. Queries: 1 when
    none is on, else 3."""
    running = [one for one in activities_of_kind(Campaign.Kind.FLASH, at) if one.is_on(at)][:1]
    slots = goods_in(running, at)[:REDUCED]
    if not slots:
        return None
    return {
        "kind": "flash",
        "title": slots[0]["title"],
        "note": "",
        "ends_at": slots[0]["ends_at"],
        "url": reverse("storefront:flashes"),
        "items": [
            {
                "card": {**slot["card"], "price_fen": slot["item"].price_fen},
                "taken_percent": slot["taken_percent"],
                "left": slot["item"].left,
            }
            for slot in slots
        ],
    }


def flash(rows: Sequence[Mapping[str, Any]], at: datetime) -> Block | None:
    """Goods whose price ends, with the clock of the first one to end."""
    if not rows:
        return None
    ends_at = rows[0]["valid_until"]
    return {
        "kind": "flash",
        "title": _("On sale now"),
        "note": _("Back to the usual price when time is up"),
        "ends_at": ends_at if ends_at - at <= COUNTDOWN_WITHIN else None,
        "url": with_query(reverse("storefront:search"), ordering="sales"),
        "items": [{"card": goods.card(row), "taken_percent": None, "left": None} for row in rows],
    }


def coupons(rows: Sequence[Any], at: datetime) -> Block | None:
    """The first coupons of the coupon centre."""
    offers = coupon_offers(rows[:TICKETS], at)
    if not offers:
        return None
    return {
        "kind": "coupons",
        "title": _("Coupons first"),
        "note": _("Yours at once; when one does not fit, the receipt says why"),
        "offers": offers,
    }


def coupon_offers(rows: Iterable[Any], at: datetime) -> list[Block]:
    """Coupons of the coupon centre with what this shopper can do about them."""
    return [coupon_offer(row, at) for row in rows]


def coupon_offer(row: Any, at: datetime) -> Block:
    """One of them; what it asks for (a live session, a place) stands where its scope would."""
    words = ""
    if row.live_session is not None:
        session = row.live_session
        window = {"from": clock_words(session.starts_at), "until": clock_words(session.ends_at)}
        words = _("In the live session, %(from)s to %(until)s") % window
    elif row.near_metres is not None:
        words = _("For people within %(metres)s m") % {"metres": row.near_metres}
    return {
        "coupon": coupon_dict(row),
        "ends_at": row.ends_at,
        "state": offer_state(row, at),
        "reason": words,
        "near": row.near_metres is not None,
    }


def clock_words(at: datetime) -> str:
    """11-22 20:00, by the clock on the wall."""
    return at.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M")


def topics(content: HomeContent) -> Block | None:
    """The row of themes."""
    rows = [banner(row) for row in content.banners[Banner.Place.TOPIC]]
    return {"kind": "topics", "title": _("Browse by theme"), "topics": rows} if rows else None


def season(shelf: Mapping[str, Sequence[Mapping[str, Any]]]) -> Block | None:
    """Goods of the season that is on (C-24)."""
    rows = shelf.get(SEASONAL, ())
    if not rows:
        return None
    return {
        "kind": "feed",
        "title": localized(rows[0], "heading"),
        "url": with_query(reverse("storefront:search"), ordering="sales"),
        "cards": [goods.card(row) for row in rows[:SEASONAL_ROWS]],
    }


def shelves(shelf: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Block]:
    """What sells and what is new, then more of what sells."""
    sold, fresh = ([goods.card(row) for row in shelf[name]] for name in ("bestsellers", "newest"))
    if not sold:
        return []
    found = reverse("storefront:search")
    rank, new = with_query(found, ordering="sales"), with_query(found, ordering="newest")
    duo = {
        "kind": "duo",
        "rank": {"title": _("Bestsellers"), "note": _("By pieces paid for"), "url": rank,
                 "cards": sold[:RANKED]},
        "fresh": {"title": _("Just in"), "note": _("The newest on the shelf"), "url": new,
                  "cards": fresh[:FRESH]},
    }  # fmt: skip
    feed = mixed(sold[RANKED:], fresh[FRESH:])
    more = {"kind": "feed", "title": _("More to discover"), "url": found, "cards": feed}
    return [duo, more] if feed else [duo]


def mixed(first: Sequence[Block], second: Sequence[Block]) -> list[Block]:
    """Two rows of cards as one, no product twice, in full rows of ten."""
    cards = {card["id"]: card for card in (*first, *second)}
    return list(cards.values())[:SHELF_ROWS]


def promises() -> Block:
    """What the shop stands for."""
    items = (
        ("receipt", _("Every fen explained"), _("Each step of a price is on the receipt")),
        ("back7", _("7 days to return"), _("Fresh food excepted")),
        ("truck", _("Out in 24 hours"), _("From the warehouse nearest to you")),
        ("shield", _("Genuine goods"), _("Checked before they are packed")),
    )
    rows = [{"icon": icon, "title": title, "line": line} for icon, title, line in items]
    return {"kind": "promises", "items": rows}
