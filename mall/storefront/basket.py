"""The cart as its page shows it: lines under the shop they are from and the offer they share, what
cannot be bought apart.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import presenting as goods
from mall.kernel.money import yuan
from mall.storefront.forms import MOST_PIECES
from mall.storefront.going import with_query
from orders.presenting import cart_dict, problem_text
from orders.selectors import CartView

UNIT_LANE, ORDER_LANE = "unit_price", "order_offer"
DEAD = ("sold_out", "off_shelf", "region")
LIMIT = "limit"

Shape = dict[str, Any]
Offer = tuple[str, int, str]
"""An offer on the basket: its kind, its id and its words."""


def cart_shape(view: CartView) -> Shape:
    """``cart`` of docs/pages.md. Runs no query."""
    shape = cart_dict(view)
    priced = {line["sku_id"]: line for line in (shape["quote"] or {}).get("lines", ())}
    cards = {line.id: line.card for line in view.lines}
    lines = [line_shape(line, priced.get(line["sku_id"]), cards) for line in shape["lines"]]
    alive = [line for line in lines if line["invalid"] not in DEAD]
    across = offers_across_shops(alive)
    return {
        "groups": shop_groups(alive, across, shop_freights(shape["quote"])),
        "across": [rule(offer, _under(offer, alive)) for offer in across],
        "dead_lines": [dead_line(line) for line in lines if line["invalid"] in DEAD],
        "quote": shape["quote"] or EMPTY_QUOTE,
        "all_selected": bool(alive) and all(line["selected"] for line in alive),
        "pieces": view.pieces,
    }


EMPTY_QUOTE: Shape = {
    "lines": [],
    "goods_fen": 0,
    "freight": None,
    "payable_fen": 0,
    "points": None,
}
"""What the receipt draws when nothing is selected."""


def line_shape(line: Shape, priced: Shape | None, cards: Mapping[int, Any]) -> Shape:
    """A cart line of api.md with what its row needs: its line of the Quote, its tag, a notice."""
    card = cards.get(line["id"])
    moved_fen = line["added_price_fen"] - line["price_fen"]
    return {
        **line,
        "priced": priced,
        "most": max(min(line["available"], MOST_PIECES), 1),
        "badges": [goods.badge(item) for item in (card or {}).get("badges") or ()],
        "price_fen": unit_price(priced) if priced else line["price_fen"],
        "saved_fen": priced["list_fen"] - priced["payable_fen"] if priced else 0,
        "price_drop_fen": max(moved_fen, 0),
        "price_rise_fen": max(-moved_fen, 0),
        "notice": _("Only %(left)s left") % {"left": line["available"]}
        if line["invalid"] == LIMIT
        else "",
    }


def unit_price(priced: Shape) -> int:
    """What one piece costs before offers on the whole basket. Units: fen."""
    off = sum(step["amount_fen"] for step in priced["steps"] if step["lane"] == UNIT_LANE)
    return int((priced["list_fen"] - off) // priced["quantity"])


def shop_freights(quote: Shape | None) -> dict[int, int]:
    """What each shop charges for freight, by its id; none while nobody knows where to."""
    freight = (quote or {}).get("freight") or {}
    return {shop["id"]: shop["freight_fen"] for shop in freight.get("shops", ())}


def by_shop(lines: Iterable[Shape]) -> dict[int, list[Shape]]:
    """Lines by the shop they are from, the shop of the first line first."""
    found: dict[int, list[Shape]] = {}
    for line in lines:
        found.setdefault(line["shop"]["id"], []).append(line)
    return found


def offers_across_shops(lines: Iterable[Shape]) -> list[Offer]:
    """The offers that lines of several shops reached together: said once, above them all (X-57)."""
    shops: dict[Offer, set[int]] = {}
    for line in lines:
        offer = shared_offer(line["priced"])
        if offer is not None:
            shops.setdefault(offer, set()).add(line["shop"]["id"])
    return [offer for offer, ids in shops.items() if len(ids) > 1]


def shop_groups(
    lines: Sequence[Shape], across: Collection[Offer], freights: Mapping[int, int]
) -> list[Shape]:
    """The groups shop by shop, each shop's first one with its head; of one shop as they are."""
    shops = by_shop(lines)
    if len(shops) < 2:
        return groups(lines)
    found = []
    for shop_id, own in shops.items():
        first, *others = groups(own, across)
        head = {**own[0]["shop"], "freight_fen": freights.get(shop_id)}
        found += [{**first, "shop": head}, *others]
    return found


def _under(offer: Offer, lines: Iterable[Shape]) -> list[Shape]:
    return [line for line in lines if shared_offer(line["priced"]) == offer]


def groups(lines: Sequence[Shape], said: Collection[Offer] = ()) -> list[Shape]:
    """Lines under the offer that they reached together, but those ``said`` already; the others
    below, without one."""
    by_offer: dict[Any, list[Shape]] = {}
    for line in lines:
        offer = shared_offer(line["priced"])
        by_offer.setdefault(None if offer in said else offer, []).append(line)
    rest = by_offer.pop(None, [])
    found = [{"rule": rule(key, group), "lines": group} for key, group in by_offer.items()]
    return found + ([{"rule": None, "lines": rest}] if rest else [])


def shared_offer(priced: Shape | None) -> Offer | None:
    """The offer on the basket that a line takes part in."""
    for step in (priced or {}).get("steps", ()):
        if step["lane"] == ORDER_LANE:
            return step["kind"], step["source_id"], step["label"]
    return None


def rule(key: Offer, lines: Iterable[Shape]) -> Shape:
    """The head of a group: which offer, what it took off."""
    off_fen = sum(
        step["amount_fen"]
        for line in lines
        for step in line["priced"]["steps"]
        if (step["kind"], step["source_id"]) == key[:2]
    )
    text = _("Reached: ¥%(off)s off") % {"off": yuan(off_fen)}
    return {"label": key[2], "text": text, "url": reverse("storefront:search")}


def dead_line(line: Shape) -> Shape:
    """A line that cannot be bought, and why."""
    name = line["product"].get("name", "")
    return {
        **line,
        "reason": problem_text(line["invalid"]),
        "similar_url": with_query(reverse("storefront:search"), q=name[:12]) if name else "",
    }


def near_offer(shape: Shape) -> Shape | None:
    """What the basket nearly has."""
    offers = shape["quote"].get("near_offers") or ()
    return {**offers[0], "url": reverse("storefront:search")} if offers else None
