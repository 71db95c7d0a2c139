"""What is in a bundle and what one saves by it, every fen of it. Source: requirement C-13.

Tags are compared with tags: what the parts cost alone today, in these pieces, for everybody; what
this bundle costs for everybody. Coupons, points and tiers come after, on the receipt.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.selectors import skus_for_pricing
from mall.kernel.errors import ShopError
from orders.presenting import quote_dict
from orders.services import Ask, Wanted, quote

Shape = dict[str, Any]
UNIT_LANE = "unit_price"


def tag_fen(line: Mapping[str, Any]) -> int:
    """What the tag says of a priced line: its list price less the steps of everybody's price."""
    off = sum(step["amount_fen"] for step in line["steps"] if step["lane"] == UNIT_LANE)
    return int(line["list_fen"] - off)


def bundle_shown(product: Shape, sku: Any, member_id: int | None, at: datetime) -> Shape | None:
    """The parts of the chosen SKU with what they cost alone, and the sum beside its price; None of
    a product without bundles. Queries: 0, of a bundle 5 at most."""
    if not any(one["parts"] for one in product["skus"]):
        return None
    if not sku or not sku["parts"]:
        return {"parts": (), "saved_fen": 0}
    on_shelf = skus_for_pricing([part["sku_id"] for part in sku["parts"]], at)
    priced = _alone(sku["parts"], on_shelf, member_id, at)
    parts = [
        {
            **part,
            "has_page": on_shelf[part["sku_id"]].is_buyable,
            "sum_fen": tag_fen(priced[place]) if priced else None,
        }
        for place, part in enumerate(sku["parts"])
    ]
    if not priced:
        return {"parts": parts, "saved_fen": 0}
    alone_fen = sum(part["sum_fen"] for part in parts)
    return {
        "parts": parts,
        "alone_fen": alone_fen,
        "price_fen": sku["price_fen"],
        "saved_fen": max(alone_fen - sku["price_fen"], 0),
    }


def _alone(parts: Any, skus: Any, member_id: int | None, at: datetime) -> list[Shape]:
    """The parts priced as goods of their own; none when one of them is not sold alone."""
    wanted = tuple(Wanted(part["sku_id"], part["quantity"]) for part in parts)
    try:
        quoted = quote(ask=Ask(wanted=wanted), member_id=member_id, at=at, skus=skus)
    except ShopError:
        return []
    lines: list[Shape] = quote_dict(quoted)["lines"]
    return lines
