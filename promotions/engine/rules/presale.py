"""预售 with 定金膨胀: a deposit now that counts as more in the balance. Source: plan 001 (P-30)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from promotions.engine.items import Item
from promotions.engine.rules.activity import PricedActivity

Deposit = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresalePrice(PricedActivity):
    """``deposits``: SKU -> (deposit fen, what it is worth in the balance), both for one piece.

    A piece costs its price less what the deposit gains: ¥200 with 20 counting as 50 costs
    20 now and 150 later, 170 in all. A SKU without a deposit is paid with the balance.
    """

    kind: ClassVar[str] = "presale"

    deposits: Mapping[int, Deposit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for sku_id, (deposit_fen, worth_fen) in self.deposits.items():
            if not 0 <= deposit_fen <= worth_fen <= self.prices.get(sku_id, 0):
                raise ValueError(f"SKU {sku_id}: a deposit is worth itself up to the price")

    def unit_price(self, item: Item) -> int | None:
        """The price less the gain of the deposit."""
        price_fen = self.prices.get(item.line.sku_id)
        if price_fen is None:
            return None
        deposit_fen, worth_fen = self._deposit(item)
        return price_fen - (worth_fen - deposit_fen)

    def unit_facts(self, item: Item) -> Mapping[str, int]:
        """The deposit, what it counts as, and the balance of one piece."""
        deposit_fen, worth_fen = self._deposit(item)
        price_fen = self.prices[item.line.sku_id]
        return {
            "presale_fen": price_fen,
            "deposit_fen": deposit_fen,
            "worth_fen": worth_fen,
            "balance_fen": price_fen - worth_fen,
        }

    def deposit_fen(self, item: Item) -> int:
        """What is due at once for the whole item, at most what it costs."""
        return min(self._deposit(item)[0] * item.quantity, item.left_fen)

    def _deposit(self, item: Item) -> Deposit:
        return self.deposits.get(item.line.sku_id, (0, 0))
