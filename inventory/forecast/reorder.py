"""The first suggestion for a SKU that ran low, before demand is forecast.

Source: plan 001, 供应链: 小单快反（300 件起订、7 天补货）; requirements I-05, I-37.
"""

COVER = 3
"""An order fills free stock up to this many times the safety stock."""

MINIMUM_ORDER = 300
"""Pieces that a supplier makes at least."""


def suggested_order(available: int, safety_stock: int, minimum: int = MINIMUM_ORDER) -> int:
    """Pieces to order when ``available`` are free: up to the cover, never under the minimum."""
    return max(safety_stock * COVER - available, minimum)
