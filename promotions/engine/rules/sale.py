"""限时折扣: another price for one piece between two instants. Source: plan 000, 限时折扣."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from mall.kernel.money import FULL_RATE_BP, at_rate
from promotions.engine.items import Item
from promotions.engine.rules.base import UnitRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale(UnitRule):
    """A fixed price for the SKUs in ``prices``, ``rate_bp`` of the shop's price for the others.

    The rate is taken of the shop's price of one piece, so that the piece price shown times the
    quantity is the line.
    """

    kind: ClassVar[str] = "sale"

    rate_bp: int = FULL_RATE_BP
    prices: Mapping[int, int] = field(default_factory=dict)

    def unit_price(self, item: Item) -> int | None:
        """The fixed price in fen, else the shop's price at the rate."""
        line = item.line
        fixed = self.prices.get(line.sku_id) if self.prices else None
        return at_rate(line.price_fen, self.rate_bp) if fixed is None else fixed

    def face(self) -> Mapping[str, int]:
        """The rate, where it is one."""
        return {"rate_bp": self.rate_bp} if self.rate_bp < FULL_RATE_BP else {}
