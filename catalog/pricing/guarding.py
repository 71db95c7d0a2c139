"""Which prices ask for a second look. Source: requirements C-28, C-33, C-74."""

from collections.abc import Collection

from mall.kernel.money import FULL_RATE_BP

DEEP_DROP = "deep_drop"
BELOW_COST = "below_cost"


def approval_needs(
    *, price_fen: int, reference_fen: int, cost_fen: int, drop_bp: int
) -> tuple[str, ...]:
    """Why a price needs a second person; none: it may hold at once.

    ``reference_fen`` is the highest price offered lately, so that many small steps down are one
    deep one; 0 where nothing was offered. A cost of 0 is not known.
    """
    found = []
    if (reference_fen - price_fen) * FULL_RATE_BP > reference_fen * drop_bp:
        found.append(DEEP_DROP)
    if price_fen < cost_fen:
        found.append(BELOW_COST)
    return tuple(found)


def spread_is_too_wide(prices: Collection[int], spread_bp: int) -> bool:
    """True when the dearest SKU costs more than ``spread_bp`` of the cheapest (30000: 3 times)."""
    return bool(prices) and max(prices) * FULL_RATE_BP > min(prices) * spread_bp
