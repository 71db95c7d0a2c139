"""The cart as its page shows it: lines under the offer they share, what cannot be bought apart."""

from collections.abc import Iterable, Mapping, Sequence
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


def cart_shape(view: CartView) -> Shape:
    """``cart`` of docs/pages.md. Runs no query."""
    shape = cart_dict(view)
    priced = {line["sku_id"]: line for line in (shape["quote"] or {}).get("lines", ())}
    cards = {line.id: line.card for line in view.lines}
    lines = [line_shape(line, priced.get(line["sku_id"]), cards) for line in shape["lines"]]
    alive = [line for line in lines if line["invalid"] not in DEAD]
    return {
        "groups": groups(alive),
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


def groups(lines: Sequence[Shape]) -> list[Shape]:
    """Lines under the offer that they reached together; the others below, without one."""
    by_offer: dict[Any, list[Shape]] = {}
    for line in lines:
        by_offer.setdefault(shared_offer(line["priced"]), []).append(line)
    rest = by_offer.pop(None, [])
    found = [{"rule": rule(key, group), "lines": group} for key, group in by_offer.items()]
    return found + ([{"rule": None, "lines": rest}] if rest else [])


def shared_offer(priced: Shape | None) -> tuple[str, int, str] | None:
    """The offer on the basket that a line takes part in."""
    for step in (priced or {}).get("steps", ()):
        if step["lane"] == ORDER_LANE:
            return step["kind"], step["source_id"], step["label"]
    return None


def rule(key: tuple[str, int, str], lines: Iterable[Shape]) -> Shape:
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
