"""A product's page: the product of api.md, the SKU that is meant, and how its price is made."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import presenting
from catalog.selectors import ProductPage, picked_cards
from inventory.presenting import arrival_dict
from inventory.selectors import Outlook, is_watching, outlook
from mall.kernel.money import yuan
from mall.kernel.words import localized
from mall.storefront.assurances import warranty_words
from mall.storefront.bundles import Parts, bundle_shown, parts_of, sold_alone
from mall.storefront.context import region_of
from mall.storefront.details import details
from mall.storefront.forms import MOST_PIECES
from mall.storefront.offers import offer_slots
from mall.storefront.picker import Picker, chosen_sku, option_words
from mall.storefront.promises import highlights, services
from mall.storefront.receipts import REGION_NEEDED
from mall.storefront.voices import MOST_QUESTIONS, ON_PRODUCT, SHOWS, product_voices
from members.models import Member
from members.selectors import facts_of
from orders.errors import Undeliverable
from orders.presenting import quote_dict
from orders.selectors import (
    Sizes,
    beside_product,
    return_promise,
    review_counts,
    warranty_on_offer,
)
from orders.services import Ask, Wanted, clean_source, quote

UNIT_LANE = "unit_price"
SALE = "sale"
FEW = 10
DEAL_WITHIN = timedelta(days=31)
OF_ITSELF = ("hot", "new")
RELATED = 5
BESIDE = Sizes(
    reviews=ON_PRODUCT, shows=SHOWS, questions=MOST_QUESTIONS, related=RELATED, companions=2
)

Shape = dict[str, Any]


def product_context(
    request: HttpRequest, page: ProductPage, member: Member | None, at: datetime
) -> Shape:
    """All keys of ``storefront/product.html``. Queries: 5, for a member 6; 1 more of a bundle."""
    region_code = region_of(request, member)
    seen = outlook(page.sku_ids, region_code, page.kits)
    beside = beside_product(page, at, BESIDE)
    product = presenting.product(page, available=seen.available, at=at)
    sku = chosen_sku(product["skus"], request.GET)
    parts = parts_of(sku, at)
    priced, alone_fen = priced_piece(page, sku, parts, member, region_code, at)
    if sku and priced:
        sku = {**sku, "price_fen": unit_price(priced)}
    arrival = arrival_of(sku, seen, at)
    return {
        "product": {**product, "offers": offers(page), "media": pictures(page, product, sku)},
        **details(product, shows_count=shows_of(product)),
        "picker": picker(page, product, sku, request),
        "bundle": bundle_shown(product, sku, parts, alone_fen),
        "edition": presenting.edition(page.product),
        "head_words": presenting.head_words(page.product),
        "source": clean_source(request.GET.get("source")),
        "quote": priced,
        "quantity": 1,
        "most": min(sku["available"], MOST_PIECES) if sku else 1,
        "shelf_note": shelf_note(sku),
        "deal": deal(page, at),
        "activities": offer_slots(beside.activities, sku, at),
        "promise": promise(product, priced, arrival, has_region=bool(region_code)),
        "services": [*services(page), *warranty(page, at)],
        "returns": (comes_back := returns(page)),
        "highlights": highlights(page, arrival=arrival, returns=comes_back),
        **product_voices(beside),
        "related": [presenting.card(row) for row in beside.related],
        "favourite": page.is_favourite,
        "favourites_count": page.favourites_count,
        "watch": watch_state(sku, member),
        "breadcrumb": trail(product),
        "back_url": back_url(product),
    }


def priced_piece(
    page: ProductPage,
    sku: Mapping[str, Any] | None,
    parts: Parts,
    member: Member | None,
    region_code: str,
    at: datetime,
) -> tuple[Shape | None, Sequence[int]]:
    """One piece for this shopper with the best coupon they hold, and what the parts of a bundle
    cost alone. Queries: 2, for a member 3.

    Where it is not delivered to, the freight is left open.
    """
    if not sku:
        return None, ()
    ask = Ask(
        wanted=(Wanted(sku["id"], 1),),
        region_code=region_code or None,
        auto_coupons=member is not None,
        beside=sold_alone(sku, parts),
    )
    priced = partial(
        quote,
        member_id=member.pk if member else None,
        at=at,
        skus={**parts, **page.facts()},
        shopper=facts_of(member) if member else None,
    )
    try:
        quoted = priced(ask=ask)
    except Undeliverable:
        quoted = priced(ask=replace(ask, region_code=None))
    return quote_dict(quoted), quoted.beside_fen


def unit_price(priced: Shape) -> int:
    """What the tag says: list price less the steps of everybody's price. Units: fen."""
    line = priced["lines"][0]
    off = sum(step["amount_fen"] for step in line["steps"] if step["lane"] == UNIT_LANE)
    return int(line["list_fen"] - off)


def picker(page: ProductPage, product: Shape, sku: Any, request: HttpRequest) -> Shape:
    """``picker`` of docs/pages.md; without a SKU the words of the address stay chosen."""
    words = list(sku["options"].values()) if sku else option_words(request.GET)
    swatches = {pair: presenting.image(picture) for pair, picture in page.swatches.items()}
    choice = Picker(product["options"], product["skus"], words, swatches)
    none = {"id": "", "price_fen": product["price_fen"], "list_price_fen": 0, "available": 0}
    shown = sku or none
    return {
        "groups": choice.groups(),
        "sku": shown,
        "saved_fen": shown["list_price_fen"] - shown["price_fen"],
        "data": choice.data(),
    }


def pictures(page: ProductPage, product: Shape, sku: Any) -> list[Any]:
    """The gallery with the chosen SKU's picture in front, then those of other SKUs and of option
    values, each once (C-03); a product without one shows its card's picture, if any."""
    own = [sku["image"]] if sku and sku["image"] else []
    others = [one["image"] for one in product["skus"]]
    swatches = [presenting.image(picture) for picture in page.swatches.values()]
    shown = [*own, *product["media"], *others, *swatches, product["image"]]
    return list({picture["url"]: picture for picture in shown if picture}.values())


def shows_of(product: Shape) -> int:
    """How many buyers showed it, for its trust block. Queries: 1, none without such a block."""
    if not any(block["kind"] == "trust" for block in product["blocks"]):
        return 0
    return review_counts(product["id"]).pictures


def shelf_note(sku: Any) -> str:
    """What the shelf says beside the quantity."""
    if sku is None:
        return _("Not in this combination")
    left = sku["available"]
    if not left:
        return _("Sold out")
    if left > FEW:
        return _("In stock")
    return ngettext("Only %(left)s left", "Only %(left)s left", left) % {"left": left}


def watch_state(sku: Any, member: Member | None) -> Shape | None:
    """Whether this shopper waits for the chosen SKU; None for one that can be bought. Queries: 0,
    for a sold-out one and a member 1."""
    if sku is None or sku["available"]:
        return None
    waits = member is not None and is_watching(sku["id"], member.account_id)
    return {"sku_id": sku["id"], "is_waiting": waits}


def offers(page: ProductPage) -> list[Shape]:
    """The offers that this product takes part in now; 新品 and 爆款 are none."""
    badges = page.card["badges"] or ()
    return [presenting.badge(item) for item in badges if item["kind"] not in OF_ITSELF]


def deal(page: ProductPage, at: datetime) -> Shape | None:
    """The sale that is on, with its clock, unless its end is far away."""
    on_sale = [item for item in page.card["badges"] or () if item["kind"] == SALE]
    if not on_sale:
        return None
    until = presenting.price_ends_at(page.card)
    if until - at > DEAL_WITHIN:
        return None
    return {"label": localized(on_sale[0], "label"), "ends_at": until}


def arrival_of(sku: Any, seen: Outlook, at: datetime) -> Shape | None:
    """When one piece of the SKU arrives in the visitor's region, None when nobody knows."""
    return arrival_dict(seen.promise([(sku["id"], 1)], at), at) if sku else None


def promise(
    product: Shape, priced: Shape | None, arrival: Shape | None, *, has_region: bool
) -> Shape | None:
    """When it arrives, where that is known, and what the way costs."""
    if not product["in_stock"] or priced is None:
        return None
    freight = priced["freight"]
    if not has_region:
        line = ""
    elif freight["reason_code"] == REGION_NEEDED:
        line = _("Not delivered to your region.")
    elif priced["freight_fen"]:
        line = _("Freight ¥%(amount)s") % {"amount": yuan(priced["freight_fen"])}
    else:
        line = freight["reason"]
    headline = arrival["text"] if arrival else _("In stock")
    return {"headline": headline, "line": line}


def warranty(page: ProductPage, at: datetime) -> list[str]:
    """What an order of today comes with (O-30). Queries: 3, none within a minute of the last."""
    product = page.product
    found = warranty_on_offer([(product.pk, product.category.path_ids)], at)
    return [] if found is None else [" · ".join(reversed(list(warranty_words(found).values())))]


def returns(page: ProductPage) -> Shape:
    """How these goods may come back, with the shop's own words on it (O-44). Queries: 1, none
    within a minute of the last."""
    promise = return_promise(page.product.category.path_ids)
    days = promise.window
    title, line = _return_words(
        days.no_reason_days, faults=days.quality_days, exchanges=days.exchange_days
    )
    return {"title": title, "line": line, "note": localized(promise, "note")}


def _return_words(days: int, *, faults: int, exchanges: int) -> tuple[str, str]:
    """What comes back, and until when; a fault is exchanged as long as it is taken back."""
    within = {"faults": faults, "exchanges": exchanges}
    if not faults:
        swaps = _("Exchanges within %(exchanges)s days") % within
        return _("No returns"), swaps if exchanges else _("No exchanges")
    title = _("Returns for faults")
    if days:
        title = _("%(days)s-day returns, no reason asked") % {"days": days}
    line = _("Faults within %(faults)s days, exchanges within %(exchanges)s") % within
    if not exchanges:
        line = _("Faults within %(faults)s days, exchanges only for faults") % within
    return title, line


def picked(
    member: Member | None, at: datetime, *, region_code: str = "", count: int = RELATED
) -> list[Shape]:
    """What is there of what this member likes, else what sells, for the foot of a page that nobody
    else sees. Queries: 1, for a member 2."""
    rows = picked_cards(
        member.account_id if member else None,
        with_views=member is not None and member.keeps_history,
        at=at,
        count=count,
        region_code=region_code,
    )
    return [presenting.card(row) for row in rows]


def trail(product: Shape) -> list[Shape]:
    """The breadcrumb down to the product's category."""
    return [
        {"label": step["name"], "url": reverse("storefront:category", args=[step["slug"]])}
        for step in product["categories"]
    ]


def back_url(product: Shape) -> str:
    """Where the arrow of a narrow screen leads."""
    return str(trail(product)[-1]["url"])
