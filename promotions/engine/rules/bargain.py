"""砍价: a price that friends have cut, one a start. Source: plan 000, 砍价."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.items import Item
from promotions.engine.rules.activity import ActivityPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class BargainPrice(ActivityPrice):
    """``prices_by_reference``: what one piece costs now, in fen, by the number of the start."""

    kind: ClassVar[str] = "bargain"

    prices_by_reference: Mapping[str, int]

    def unit_price(self, item: Item) -> int | None:
        """The price that the start the line names has been cut to, None for an unknown start."""
        return None if item.offer is None else self.prices_by_reference.get(item.offer.reference)
