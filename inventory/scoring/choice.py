"""Whom to buy from, and how many pieces. Source: I-27, I-37, I-38."""

from collections.abc import Iterable
from dataclasses import dataclass

GRADES = {"A": 0, "B": 1, "": 2, "C": 3}
"""Smaller is preferred; a supplier nobody has graded yet comes before a bad one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One SKU at one supplier."""

    goods_id: int
    supplier_id: int
    grade: str
    cost_fen: int
    moq: int
    lead_days: int


def chosen_offer(offers: Iterable[Offer]) -> Offer | None:
    """The best grade, then the lowest cost, then the shortest lead time."""
    return min(
        offers,
        key=lambda offer: (GRADES[offer.grade], offer.cost_fen, offer.lead_days, offer.goods_id),
        default=None,
    )


def order_quantity(needed: int, moq: int) -> int:
    """Pieces to order: what is needed, but never fewer than the supplier makes."""
    return max(needed, moq)
