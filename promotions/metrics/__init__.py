"""Sums about people and places that offers ask for. Pure: no Django."""

from promotions.metrics.distance import Position, metres_between
from promotions.metrics.holdout import is_held_back

__all__ = ["Position", "is_held_back", "metres_between"]
