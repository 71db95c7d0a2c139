"""How well a supplier does, and which one to buy from. Pure: no Django."""

from inventory.scoring.card import Card, Rules, Tally, grade_of, score_card, warnings_of
from inventory.scoring.choice import Offer, chosen_offer, order_quantity
from inventory.scoring.shelf import Figures, is_stale, sellable

__all__ = [
    "Card",
    "Figures",
    "Offer",
    "Rules",
    "Tally",
    "chosen_offer",
    "grade_of",
    "is_stale",
    "order_quantity",
    "score_card",
    "sellable",
    "warnings_of",
]
