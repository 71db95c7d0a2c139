"""The engine's own mutable line: equal lines of the basket merged into one while lanes run."""

from __future__ import annotations

from dataclasses import dataclass, field

from promotions.engine.basket import Line, Offer
from promotions.engine.lanes import Lane
from promotions.engine.quote import PriceStep


@dataclass(slots=True, eq=False)
class Item:
    """All lines of one (sku, offer) while they are priced together.

    ``unit_fen`` is the price of one piece after lane 1, ``left_fen`` what the lanes so far left of
    the whole item; ``kept_out`` names the lanes that a rule already applied shuts for it.
    """

    index: int
    line: Line
    parts: tuple[Line, ...]
    quantity: int
    unit_fen: int
    left_fen: int
    steps: list[PriceStep] = field(default_factory=list)
    kept_out: frozenset[Lane] = frozenset()

    @property
    def offer(self) -> Offer | None:
        """The activity the item was put in for, if any."""
        return self.line.offer

    def reduce(self, step: PriceStep) -> None:
        """Write one step and take its amount off what is left."""
        assert 0 < step.amount_fen <= self.left_fen, (
            "a step takes something, never more than is left"
        )
        self.steps.append(step)
        self.left_fen -= step.amount_fen


def goods_of(items: tuple[Item, ...]) -> int:
    """What is left of all the items together, in fen."""
    return sum([item.left_fen for item in items])
