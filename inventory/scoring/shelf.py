"""How many of a supplier's pieces we dare to sell. Source: I-06, I-32, I-51."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Figures:
    """What the supplier said it has, and how careful we are with it."""

    synced: int
    buffer: int
    least: int
    stops_when_low: bool = False


def is_stale(as_of: datetime, at: datetime, minutes: int) -> bool:
    """True when the figures are older than ``minutes``: 15 is fresh, 16 is stale."""
    return at - as_of > timedelta(minutes=minutes)


def sellable(figures: Figures, *, stale: bool) -> int:
    """The supplier's pieces less the buffer; of stale figures at most the buffer itself.

    Pieces of goods that stop when low are not sold under the least stock.
    """
    if figures.stops_when_low and figures.synced < figures.least:
        return 0
    fresh = max(0, figures.synced - figures.buffer)
    return min(fresh, figures.buffer) if stale else fresh
