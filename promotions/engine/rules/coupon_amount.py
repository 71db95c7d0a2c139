"""满减券 and 无门槛券: a fixed amount off. Source: plan 000, 优惠券."""

from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.rules.coupon import CouponRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponAmount(CouponRule):
    """``off_fen`` off from ``threshold_fen`` on; what exceeds the goods lapses."""

    kind: ClassVar[str] = "coupon_amount"

    off_fen: int

    def off_of(self, goods_fen: int) -> int:
        """The face value, at most the goods."""
        return min(self.off_fen, goods_fen)

    def worth(self) -> dict[str, int]:
        """The face value."""
        return {"off_fen": self.off_fen}
