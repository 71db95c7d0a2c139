"""The blocks of a page as one JSON for the web and the mini-program: one language, no query.

A block that has nothing to show is None: the page leaves it out, whatever its operator thought.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from catalog import presenting as goods
from catalog.selectors import REDUCED, SEASONAL, stored_picture
from mall.kernel.words import in_english, localized
from promotions.content import Block
from promotions.presenting.offers import coupon_offer_dict
from promotions.presenting.site import promise_dicts
from promotions.selectors import Filling, LivePage

ZONES = ("hot", "new")
COUNTDOWN_WITHIN = timedelta(days=7)
"""A price that holds longer than this has no clock on it."""
Shape = dict[str, Any]


def page_dict(page: LivePage, blocks: Sequence[Block], filling: Filling) -> Shape:
    """{slug, title, description, version, blocks}: what a page is and shows."""
    shapes = [shape for block in blocks if (shape := block_dict(block, filling)) is not None]
    zones = {card["id"] for shape in shapes if shape["kind"] in ZONES for card in shape["cards"]}
    return {
        "slug": page.slug,
        "title": localized(page, "title"),
        "description": localized(page, "text"),
        "version": page.version,
        "blocks": [shape for one in shapes if (shape := _more(one, zones))],
    }


def _more(shape: Shape, zones: set[int]) -> Shape | None:
    """A feed shows what the zones of the page do not."""
    if shape["kind"] != "feed":
        return shape
    cards = [card for card in shape["cards"] if card["id"] not in zones]
    return {**shape, "cards": cards} if cards else None


def block_dict(block: Block, filling: Filling) -> Shape | None:
    """{id, kind, ...}: what a block shows; None when that is nothing."""
    shape = SHAPES[block["kind"]](block["settings"], filling)
    return shape and {"id": block["id"], "kind": block["kind"], **shape}


def words(text: Mapping[str, str]) -> str:
    """The reader's language of {"zh", "en"}."""
    return (in_english() and text["en"]) or text["zh"]


def picture(filling: Filling, media_id: int | None) -> Shape | None:
    """An image of api.md by its number."""
    row = filling.pictures.get(media_id or 0)
    return goods.image(stored_picture(row)) if row else None


def banner_dict(slide: Mapping[str, Any], filling: Filling) -> Shape | None:
    """A picture with words and a link; ``|`` in the title is a line break."""
    image = picture(filling, slide["picture"])
    if image is None:
        return None
    return {
        "image": image,
        "ink": slide["ink"],
        "kicker": words(slide["kicker"]) if "kicker" in slide else "",
        "title": words(slide["title"]).replace("|", "\n"),
        "line": words(slide["line"]),
        "button": (words(slide["button"]) if "button" in slide else "") or _("Take a look"),
        "link": slide["link"],
    }


def _head(settings: Mapping[str, Any], title: str = "", note: str = "") -> Shape:
    """{title, note, link}: what the operator wrote, else the usual words."""
    return {
        "title": words(settings["title"]) or title,
        "note": words(settings["note"]) or note if "note" in settings else "",
        "link": settings.get("more", ""),
    }


def _cards(rows: Sequence[Mapping[str, Any]]) -> list[Shape]:
    return [goods.card(row) for row in rows]


def _carousel(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    slides = [shape for one in settings["slides"] if (shape := banner_dict(one, filling))]
    return {"slides": slides} if slides else None


def _zones(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    tiles = [
        {
            "title": words(tile["title"]),
            "line": words(tile["line"]),
            "image": picture(filling, tile["picture"]),
            "link": tile["link"],
        }
        for tile in settings["tiles"]
    ]
    return {"title": words(settings["title"]), "tiles": tiles} if tiles else None


def _products(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    cards = _cards(filling.chosen(settings["products"]))
    return {**_head(settings), "layout": settings["layout"], "cards": cards} if cards else None


def _hot(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    cards = _cards(filling.hottest(settings["count"]))
    head = _head(settings, _("Bestsellers"), _("By pieces paid for in the last days"))
    return {**head, "cards": cards} if cards else None


def _new(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    cards = _cards(filling.newest()[: settings["count"]])
    head = _head(settings, _("Just in"), _("The newest on the shelf"))
    return {**head, "cards": cards} if cards else None


def _seasonal(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    if settings["season"]:
        rows = filling.chosen(filling.seasons.get(settings["season"], ()))
        title = ""
    else:
        rows = list(filling.shelves.get(SEASONAL, ()))
        title = localized(rows[0], "heading") if rows else ""
    cards = _cards(rows[: settings["count"]])
    head = _head(settings, title or _("In season"))
    return {**head, "season": settings["season"], "cards": cards} if cards else None


def _flash(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    if filling.flash is not None:
        return _flash_sale(settings["count"], filling)
    rows = filling.shelves.get(REDUCED, ())[: settings["count"]]
    if not rows:
        return None
    ends_at = min(goods.price_ends_at(row) for row in rows)
    return {
        "title": _("On sale now"),
        "note": _("Back to the usual price when time is up"),
        "is_flash_sale": False,
        "ends_at": ends_at if ends_at - filling.at <= COUNTDOWN_WITHIN else None,
        "items": [{"card": goods.card(row), "taken_percent": None, "left": None} for row in rows],
    }


def _flash_sale(count: int, filling: Filling) -> Shape | None:
    sale = filling.flash
    assert sale is not None, "asked by its caller"
    items = [
        {
            "card": {**goods.card(filling.cards[item.sku.product_id]), "price_fen": item.price_fen},
            "taken_percent": item.taken * 100 // max(item.quota, 1),
            "left": item.left,
        }
        for item in sale.items.values()
        if item.sku.product_id in filling.cards
    ]
    if not items:
        return None
    return {
        "title": localized(sale.campaign, "title"),
        "note": "",
        "is_flash_sale": True,
        "ends_at": sale.campaign.ends_at,
        "items": items[:count],
    }


def _coupons(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    known = {coupon.pk: coupon for coupon in filling.coupons}
    chosen = [known[one] for one in settings["coupons"] if one in known]
    rows = chosen if settings["coupons"] else list(filling.coupons)
    note = _("Yours at once; when one does not fit, the receipt says why")
    offers = [coupon_offer_dict(row, filling.at) for row in rows[: settings["count"]]]
    return {**_head(settings, _("Coupons first"), note), "coupons": offers} if offers else None


def _topics(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    if settings["tiles"]:
        tiles = [shape for one in settings["tiles"] if (shape := banner_dict(one, filling))]
    else:
        tiles = [topic_tile(page) for page in filling.topics[: settings["count"]]]
    title = words(settings["title"]) or _("Browse by theme")
    return {"title": title, "tiles": tiles} if tiles else None


def topic_tile(page: Any) -> Shape:
    """A listed topic as a tile: its cover, its name, where it is."""
    return {
        "image": goods.image(stored_picture(page.cover)) if page.cover else None,
        "ink": "home",
        "kicker": "",
        "title": localized(page, "title"),
        "line": localized(page, "text"),
        "button": _("Take a look"),
        "link": f"/topic/{page.slug}/",
    }


def topic_dict(page: Any) -> Shape:
    """{slug, title, description, image} of a topic in a list."""
    return {
        "slug": page.slug,
        "title": localized(page, "title"),
        "description": localized(page, "text"),
        "image": goods.image(stored_picture(page.cover)) if page.cover else None,
    }


def _countdown(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    target = datetime.fromisoformat(settings["target_at"])
    return {**_head(settings), "ends_at": target} if target > filling.at else None


def _text(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    return {"title": words(settings["title"]), "body": words(settings["body"])}


def _image(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    image = picture(filling, settings["picture"])
    if image is None:
        return None
    return {"image": {**image, "alt": words(settings["alt"])}, "link": settings["link"]}


def _video(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    video = filling.videos.get(settings["video"])
    if video is None:
        return None
    return {
        "title": words(settings["title"]) or localized(video, "title"),
        "url": default_storage.url(video.file.name),
        "width": video.width,
        "height": video.height,
        "poster": picture(filling, settings["picture"] or video.poster_id),
    }


def _feed(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    if settings["category"]:
        rows = filling.chosen(filling.tops.get(settings["category"], ()))
    else:
        rows = list(filling.shelves.get("bestsellers", ()))
        rows += filling.shelves.get("newest", ())
    cards = {row["product_id"]: goods.card(row) for row in rows}
    head = _head(settings, _("More to discover"))
    return {**head, "cards": list(cards.values())[: settings["count"]]} if cards else None


def _shows(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    """What buyers show, of these goods when some are named."""
    named = settings["products"]
    rows = [row for row in filling.shows if not named or row["product"]["id"] in named]
    head = _head(settings, _("Buyer shows"))
    return {**head, "shows": rows[: settings["count"]]} if rows else None


def _promises(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    written = [
        {"icon": one["icon"], "title": words(one["title"]), "line": words(one["line"])}
        for one in settings["items"]
    ]
    return {"items": written or usual_promises()}


def usual_promises() -> list[Shape]:
    """What the operators promise with every product, and what the house does by itself."""
    items = (
        ("receipt", _("Every fen explained"), _("Each step of a price is on the receipt")),
        ("refund", _("Refunds to the fen"), _("Each piece gives back what was paid for it")),
        ("box", _("Invoice on request"), _("Ask for it with the order or afterwards")),
    )
    own = [{"icon": icon, "title": title, "line": line} for icon, title, line in items]
    return [*promise_dicts(), *own]


def _floating(settings: Mapping[str, Any], filling: Filling) -> Shape | None:
    buttons = [
        {"icon": one["icon"], "label": words(one["label"]), "link": one["link"]}
        for one in settings["buttons"]
    ]
    return {"buttons": buttons} if buttons else None


SHAPES: dict[str, Callable[[Mapping[str, Any], Filling], Shape | None]] = {
    "carousel": _carousel,
    "zones": _zones,
    "products": _products,
    "hot": _hot,
    "new": _new,
    "seasonal": _seasonal,
    "flash": _flash,
    "coupons": _coupons,
    "topics": _topics,
    "countdown": _countdown,
    "text": _text,
    "image": _image,
    "video": _video,
    "feed": _feed,
    "shows": _shows,
    "promises": _promises,
    "floating": _floating,
}

BLOCK_KINDS = tuple(SHAPES)
"""The kinds of blocks that the API knows."""
