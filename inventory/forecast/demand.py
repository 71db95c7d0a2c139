"""From pieces sold a day to the safety stock, the reorder point and the days that stock lasts.

Whole numbers only: figures a day are in hundredths of a piece, rounded half up.
Source: requirements I-04, I-07, I-49.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Demand:
    """What sells a day, and how much the days differ. Units: hundredths of a piece."""

    mean_hundredths: int = 0
    deviation_hundredths: int = 0


def demand_of(pieces_by_day: Sequence[int]) -> Demand:
    """Mean and standard deviation of a sample of days; days without a sale are zeros in it."""
    days = len(pieces_by_day)
    if not days:
        return Demand()
    total = sum(pieces_by_day)
    mean = (2 * HUNDRED * total + days) // (2 * days)
    if days == 1:
        return Demand(mean)
    squares = days * sum(pieces**2 for pieces in pieces_by_day) - total**2
    variance = HUNDRED**2 * squares // (days * (days - 1))
    return Demand(mean, _nearest_root(variance))


def safety_stock(deviation_hundredths: int, lead_days: int, z_hundredths: int) -> int:
    """Pieces that cover the ups of demand while an order is on its way: z x sd x sqrt(lead).

    Rounded up: sd 3, lead 7, z 1.65 are 13.1, so 14.
    """
    square = (z_hundredths * deviation_hundredths) ** 2 * lead_days
    unit = HUNDRED**2
    pieces = isqrt(square) // unit
    return pieces if (pieces * unit) ** 2 >= square else pieces + 1


def reorder_point(mean_hundredths: int, lead_days: int, safety: int) -> int:
    """Pieces below which an order is due: what sells until it comes, and the safety stock."""
    return _up(mean_hundredths * lead_days) + safety


def is_rising(yesterday: int, week_hundredths: int, *, rise_percent: int, floor: int) -> bool:
    """True when a day sold so many percent of the mean of the week before (12 after 5 a day)."""
    return yesterday >= floor and yesterday * HUNDRED**2 >= week_hundredths * rise_percent


def days_of_supply(pieces: int, mean_hundredths: int) -> int | None:
    """Whole days that the pieces will last; None when nothing sells: for ever."""
    return pieces * HUNDRED // mean_hundredths if mean_hundredths else None


def is_overstock(pieces: int, mean_hundredths: int, limit_days: int) -> bool:
    """True when the pieces last longer than the limit; what never sells lasts for ever."""
    days = days_of_supply(pieces, mean_hundredths)
    return pieces > 0 and (days is None or days > limit_days)


def _up(hundredths: int) -> int:
    return -(-hundredths // HUNDRED)


def _nearest_root(square: int) -> int:
    root = isqrt(square)
    return root + (square > root * (root + 1))
