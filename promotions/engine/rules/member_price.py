"""会员价: fixed prices for the members of some tiers. Source: plan 000, 会员专享价."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.items import Item
from promotions.engine.rules.base import UnitRule


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPrice(UnitRule):
    """The price of one piece in fen by SKU; ``tier_codes`` say for whom.

    A ``scope`` of just these SKUs keeps the rule from being asked about the others.
    """

    kind: ClassVar[str] = "member_price"

    prices: Mapping[int, int]

    def unit_price(self, item: Item) -> int | None:
        """The member's price in fen, None for a SKU without one."""
        return self.prices.get(item.line.sku_id)
