"""免邮门槛: no freight from an amount of goods on. Source: plans 000 and 001; requirement O-11."""

from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeFreight(Rule):
    """All freight off, once the scope's goods after lanes 1 to 5 reach the threshold."""

    kind: ClassVar[str] = "free_freight"
    lane: ClassVar[Lane] = Lane.FREIGHT

    threshold_fen: int = 0

    def freight_off(self, freight_fen: int, goods_fen: int) -> int:
        """What comes off ``freight_fen`` when ``goods_fen`` are in the scope."""
        return freight_fen if goods_fen >= self.threshold_fen else 0

    def face(self) -> dict[str, int]:
        """The threshold, for the label."""
        return {"threshold_fen": self.threshold_fen}


@dataclass(frozen=True, slots=True, kw_only=True)
class TierFreeFreight(FreeFreight):
    """The same as a right of the shopper's tier (白银包邮, 钻石免邮)."""

    kind: ClassVar[str] = "tier_free_freight"
