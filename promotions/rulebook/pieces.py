"""Offers that count pieces: the second at a rate, N at a rate, a bundle at its price.

Source: requirements P-25, P-26, P-27.
"""

from django.utils.translation import gettext as _

from mall.kernel.errors import InvalidInput
from promotions.rulebook.reading import (
    MOST_STEPS,
    Arguments,
    Data,
    fen,
    rate,
    rate_steps,
    rows,
    whole,
)


def read_second_half_price(data: Data) -> Arguments:
    """{"second_rate_bp": 5000}"""
    return {"second_rate_bp": rate(data, "second_rate_bp")}


def read_pieces_rate(data: Data) -> Arguments:
    """{"steps": [{"pieces": 3, "rate_bp": 8000}]}: all pieces of the scope, from that many on."""
    return {"steps": rate_steps(data, "steps", "pieces")}


def read_bundle_price(data: Data) -> Arguments:
    """{"bundle": [{"sku_id": 7, "pieces": 1}, ...], "price_fen": 9900, "most": 2 or nothing}"""
    parts = rows(data, "bundle", most=MOST_STEPS)
    pieces = {
        whole(row, "sku_id", most=2**63 - 1): whole(row, "pieces", default=1) for row in parts
    }
    if len(pieces) != len(parts) or sum(pieces.values()) < 2:
        raise InvalidInput(field="bundle", allowed=_("at least two pieces, each SKU once"))
    most = None if data.get("most") is None else whole(data, "most")
    return {"pieces": pieces, "price_fen": fen(data, "price_fen"), "most": most}
