"""免邮券: the freight off. Source: plan 000, 优惠券; requirement O-11."""

from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.lanes import Lane
from promotions.engine.rules.coupon import CouponRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponFreight(CouponRule):
    """The order's freight off, up to ``cap_fen`` (None: all), from ``threshold_fen`` on."""

    kind: ClassVar[str] = "coupon_freight"
    lane: ClassVar[Lane] = Lane.FREIGHT

    cap_fen: int | None = None

    def off_of(self, goods_fen: int) -> int:
        """Nothing off the goods: this coupon works on freight alone."""
        return 0

    def freight_off(self, freight_fen: int, goods_fen: int) -> int:
        """What comes off ``freight_fen`` when ``goods_fen`` are in the scope."""
        if goods_fen < self.threshold_fen:
            return 0
        return freight_fen if self.cap_fen is None else min(freight_fen, self.cap_fen)

    def worth(self) -> dict[str, int]:
        """The cap when there is one."""
        return {} if self.cap_fen is None else {"cap_fen": self.cap_fen}
