"""The engine's own mutable line: equal lines of the basket merged into one while lanes run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from promotions.engine.basket import Line, Offer
from promotions.engine.lanes import Lane
from promotions.engine.quote import PriceStep

if TYPE_CHECKING:
    from promotions.engine.rules.base import Rule

Claim = tuple[str, str, int]
"""An exclusive group, and by what (campaign or coupon, and its id) an item is in it."""

Standing = tuple[int, int, frozenset[Lane], frozenset[Claim]]
"""An item's price of a piece, rest, shut lanes and exclusive groups as a lane found them."""


@dataclass(slots=True, eq=False)
class Item:
    """All lines of one (sku, offer) while they are priced together.

    ``unit_fen`` is the price of one piece after lane 1, ``left_fen`` what the lanes so far left of
    the whole item; ``kept_out`` names the lanes that a rule already applied shuts for it,
    ``groups`` the exclusive groups of those rules.
    """

    index: int
    line: Line
    parts: tuple[Line, ...]
    quantity: int
    unit_fen: int
    left_fen: int
    steps: list[PriceStep] = field(default_factory=list)
    kept_out: frozenset[Lane] = frozenset()
    groups: frozenset[Claim] = frozenset()

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

    def claim(self, rule: Rule) -> None:
        """Shut what the rule that has the item now shuts for it."""
        self.kept_out |= rule.excludes
        if rule.exclusive_group:
            self.groups |= {rule.claim}

    def is_claimed_against(self, rule: Rule) -> bool:
        """Another rule of its exclusive group has the item."""
        group, *owner = rule.claim
        return any(known[0] == group and [*known[1:]] != owner for known in self.groups)

    def standing_at(self, standing: Standing) -> Item:
        """A copy of the item as a lane found it, without its steps."""
        unit_fen, left_fen, kept_out, groups = standing
        place, line, parts, quantity = self.index, self.line, self.parts, self.quantity
        return Item(place, line, parts, quantity, unit_fen, left_fen, [], kept_out, groups)


def goods_of(items: tuple[Item, ...]) -> int:
    """What is left of all the items together, in fen."""
    return sum([item.left_fen for item in items])
