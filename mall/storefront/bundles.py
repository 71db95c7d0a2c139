"""What is in a bundle and what one saves by it, every fen of it. Source: requirement C-13.

Tags are compared with tags: what the parts cost alone today, in these pieces, for everybody; what
this bundle costs for everybody. Coupons, points and tiers come after, on the receipt.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from catalog.selectors import SkuFacts, skus_for_pricing
from orders.services import Wanted

Shape = dict[str, Any]
Parts = Mapping[int, SkuFacts]


def parts_of(sku: Any, at: datetime) -> Parts:
    """What the chosen SKU is made of, as pricing asks of it. Queries: 0, of a bundle 1."""
    parts = sku["parts"] if sku else ()
    return skus_for_pricing([part["sku_id"] for part in parts], at) if parts else {}


def sold_alone(sku: Any, on_shelf: Parts) -> tuple[Wanted, ...]:
    """The parts as goods of their own; nothing when one of them is not sold alone."""
    if not on_shelf or not all(facts.is_buyable for facts in on_shelf.values()):
        return ()
    return tuple([Wanted(part["sku_id"], part["quantity"]) for part in sku["parts"]])


def bundle_shown(
    product: Shape, sku: Any, on_shelf: Parts, alone_fen: Sequence[int]
) -> Shape | None:
    """The parts of the chosen SKU with what each costs alone (``alone_fen``, if they are all sold
    so), and the sum beside its price; None of a product without bundles. Queries: 0."""
    if not any(one["parts"] for one in product["skus"]):
        return None
    if not sku or not sku["parts"]:
        return {"parts": (), "saved_fen": 0}
    parts = [
        {
            **part,
            "has_page": on_shelf[part["sku_id"]].is_buyable,
            "sum_fen": alone_fen[place] if alone_fen else None,
        }
        for place, part in enumerate(sku["parts"])
    ]
    if not alone_fen:
        return {"parts": parts, "saved_fen": 0}
    return {
        "parts": parts,
        "alone_fen": sum(alone_fen),
        "price_fen": sku["price_fen"],
        "saved_fen": max(sum(alone_fen) - sku["price_fen"], 0),
    }
