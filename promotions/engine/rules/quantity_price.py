"""数量阶梯价: the more pieces, the cheaper each one. Source: plan 003 (C-30)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from mall.kernel.money import at_rate
from promotions.engine.items import Item
from promotions.engine.rules.base import NextStep, UnitRule

Ladder = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityPrice(UnitRule):
    """``ladders``: SKU -> steps of (from pieces, fen a piece); ``rates``: steps of (from pieces,
    rate) of the shop's price of one piece, for the SKUs of the scope without a ladder.

    Steps come in any order; of those reached the cheapest counts, so more never costs more a piece.
    """

    kind: ClassVar[str] = "quantity_price"

    ladders: Mapping[int, Ladder] = field(default_factory=dict)
    rates: Ladder = ()

    def unit_price(self, item: Item) -> int | None:
        """The cheapest step reached by the item's quantity, None below the first."""
        quantity = item.quantity
        return min((fen for pieces, fen in self._steps(item) if quantity >= pieces), default=None)

    def unit_facts(self, item: Item) -> Mapping[str, int]:
        """From how many pieces on this price holds."""
        reached = [step for step in self._steps(item) if item.quantity >= step[0]]
        return {"pieces": min(reached, key=lambda step: (step[1], step[0]))[0]}

    def next_step(self, item: Item) -> NextStep | None:
        """The nearest step not reached that is cheaper than what a piece costs now."""
        have, costs_fen = item.quantity, item.unit_fen
        ahead = [step for step in self._steps(item) if step[0] > have and step[1] < costs_fen]
        if not ahead:
            return None
        pieces, fen = min(ahead)
        off_fen = (costs_fen - fen) * pieces
        missing = pieces - have
        facts = {"pieces": pieces, "unit_fen": fen}
        return NextStep(costs_fen * pieces, costs_fen * missing, off_fen, missing, facts)

    def _steps(self, item: Item) -> Iterable[tuple[int, int]]:
        ladder = self.ladders.get(item.line.sku_id)
        if ladder is not None:
            return ladder
        return [(pieces, at_rate(item.line.price_fen, rate)) for pieces, rate in self.rates]
