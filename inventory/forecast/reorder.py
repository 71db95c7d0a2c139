"""How much to order, and when it would arrive.

Source: plan 001, 供应链: 小单快反（300 件起订、7 天补货）; requirements I-05, I-37, I-49.
"""

from dataclasses import dataclass
from datetime import date, timedelta

COVER = 3
"""An order fills free stock up to this many times the threshold at least."""

MINIMUM_ORDER = 300
"""Pieces that a supplier makes at least."""

LEAD_DAYS = 7
COVER_DAYS = 30


@dataclass(frozen=True, slots=True)
class Terms:
    """What a supplier asks for: its smallest order in pieces, its lead time in days."""

    minimum: int = MINIMUM_ORDER
    lead_days: int = LEAD_DAYS


@dataclass(frozen=True, slots=True)
class Plan:
    """Pieces to order, and the day they come if that is done today."""

    pieces: int
    arrives_on: date


def plan_order(needed: int, terms: Terms, today: date) -> Plan:
    """An order for what is needed, never under the minimum: 120 needed are 300, 7 days later."""
    return Plan(max(needed, terms.minimum), today + timedelta(days=terms.lead_days))


def pieces_needed(
    *,
    available: int,
    threshold: int,
    mean_hundredths: int = 0,
    lead_days: int = LEAD_DAYS,
    cover_days: int = COVER_DAYS,
) -> int:
    """Pieces that fill what is free (or on its way) up to the cover: the threshold and the sales of
    the covered days, at least ``COVER`` times the threshold."""
    sold = -(-mean_hundredths * (lead_days + cover_days) // 100)
    return max(threshold * COVER, threshold + sold) - available


def suggested_order(available: int, safety_stock: int, minimum: int = MINIMUM_ORDER) -> int:
    """Pieces to order when ``available`` are free: up to the cover, never under the minimum."""
    return max(pieces_needed(available=available, threshold=safety_stock), minimum)
