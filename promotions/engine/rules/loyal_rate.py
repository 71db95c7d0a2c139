"""老客折扣 and 老客日: a rate for who has bought before. Source: plan 001 (M-18, M-46)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.basket import Occasion
from promotions.engine.rules.base import Reason
from promotions.engine.rules.dated_rate import DatedRate


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyalRate(DatedRate):
    """``rate_bp`` of what lanes 1 to 3 left, for a shopper who spent ``threshold_fen`` and has
    ``min_orders`` completed orders; with ``days`` only on those days of the month (老客日)."""

    kind: ClassVar[str] = "loyal_rate"

    threshold_fen: int = 0
    min_orders: int = 0

    def refusal(self, occasion: Occasion) -> Reason | None:
        """As for every rule on its days; and the shopper must have bought that much."""
        refused = DatedRate.refusal(self, occasion)
        if refused is not None:
            return refused
        if occasion.shopper.spent_fen < self.threshold_fen:
            return Reason.SPENT_TOO_LITTLE
        if occasion.shopper.completed_orders < self.min_orders:
            return Reason.NO_EARLIER_ORDER
        return None

    def refusal_facts(self, occasion: Occasion) -> Mapping[str, int]:
        """How far the shopper has come, and what is missing."""
        spent_fen = occasion.shopper.spent_fen
        missing_fen = max(0, self.threshold_fen - spent_fen)
        facts = {"missing_fen": missing_fen, "threshold_fen": self.threshold_fen}
        return {**facts, "spent_fen": spent_fen}
