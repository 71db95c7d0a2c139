"""Sums about prices: what was offered, what asks for a second look, what to ask. No Django."""

from catalog.pricing.guarding import BELOW_COST, DEEP_DROP, approval_needs, spread_is_too_wide
from catalog.pricing.history import (
    Step,
    highest_offered,
    last_offered,
    lowest_offered,
    was_offered,
)
from catalog.pricing.suggesting import (
    Advice,
    Standing,
    advise,
    margin_bp,
    market_price,
    standing,
    suggested_price,
)

__all__ = [
    "BELOW_COST",
    "DEEP_DROP",
    "Advice",
    "Standing",
    "Step",
    "advise",
    "approval_needs",
    "highest_offered",
    "last_offered",
    "lowest_offered",
    "margin_bp",
    "market_price",
    "spread_is_too_wide",
    "standing",
    "suggested_price",
    "was_offered",
]
