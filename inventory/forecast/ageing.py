"""How long goods have lain, how often stock turns, what share of it is lost.

Source: requirements I-10, I-52.
"""

from collections.abc import Iterable

AGES = (30, 90, 180)
"""Upper ends of the age classes in days; the last class has none."""


def pieces_by_age(on_hand: int, receipts: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Pieces on hand in each age class, first in first out.

    ``receipts`` are (age in days, pieces), newest first: what is left came last. Pieces that no
    receipt explains are in the oldest class.
    """
    classes = [0] * (len(AGES) + 1)
    left = on_hand
    for age, pieces in receipts:
        part = min(pieces, left)
        classes[sum(age > limit for limit in AGES)] += part
        left -= part
        if not left:
            break
    classes[-1] += left
    return tuple(classes)


def turns_hundredths(cost_of_sales_fen: int, average_stock_fen: int) -> int | None:
    """How often stock was sold over, in hundredths (1200 of 100 on average: 12.00 turns)."""
    if average_stock_fen <= 0:
        return None
    return (200 * cost_of_sales_fen + average_stock_fen) // (2 * average_stock_fen)


def turn_days(days: int, turns: int | None) -> int | None:
    """Days that one turn took, from hundredths of turns in ``days``."""
    return 100 * days // turns if turns else None


def loss_rate_bp(lost: int, handled: int) -> int | None:
    """Lost pieces of those handled, in basis points (2 of 1000: 20, which is 0.2%)."""
    return (20_000 * lost + handled) // (2 * handled) if handled else None
