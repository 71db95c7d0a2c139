"""Prices of one piece: a sale, a price by quantity, a price of members.

Source: requirements P-18, C-30, C-31, P-36.
"""

from collections import defaultdict

from django.utils.translation import gettext as _

from mall.kernel.errors import InvalidInput
from promotions.rulebook.reading import (
    MOST_ID,
    MOST_ROWS,
    Arguments,
    Data,
    fen,
    rate,
    rate_steps,
    rising,
    rows,
    whole,
)


def read_sale(data: Data) -> Arguments:
    """{} with prices of SKUs, or {"rate_bp": 8500} for the rest of the scope; with {"per_member":
    2} one member may have so many pieces, which `services.take_of_sales` holds, not the price."""
    if data.get("per_member") is not None:
        whole(data, "per_member")
    return {"rate_bp": rate(data, "rate_bp")} if "rate_bp" in data else {}


def read_member_price(data: Data) -> Arguments:
    """{}: the prices are rows, the tiers are columns."""
    return {}


def read_quantity_price(data: Data) -> Arguments:
    """{"steps": [{"pieces": 10, "rate_bp": 9000}]} for the scope, and
    {"ladders": [{"sku_id": 7, "pieces": 10, "price_fen": 900}]} for single SKUs."""
    if not data.get("steps") and not data.get("ladders"):
        raise InvalidInput(field="steps", allowed=_("steps, or prices of single SKUs"))
    rates = rate_steps(data, "steps", "pieces") if data.get("steps") else ()
    return {"rates": rates, "ladders": _ladders(data) if data.get("ladders") else {}}


def _ladders(data: Data) -> dict[int, tuple[tuple[int, int], ...]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in rows(data, "ladders", most=MOST_ROWS):
        sku_id = whole(row, "sku_id", most=MOST_ID)
        found[sku_id].append((whole(row, "pieces"), fen(row, "price_fen")))
    for steps in found.values():
        steps.sort()
        rising(steps, "ladders", falls=True)
    return {sku_id: tuple(steps) for sku_id, steps in found.items()}
