"""折扣券: a rate off, up to a cap. Source: plan 000, 优惠券."""

from dataclasses import dataclass
from typing import ClassVar

from mall.kernel.money import rate_off
from promotions.engine.rules.coupon import CouponRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponRate(CouponRule):
    """``rate_bp`` of the sum of what lanes 1 to 4 left of the scope's goods, at most
    ``cap_fen`` off (None: no cap)."""

    kind: ClassVar[str] = "coupon_rate"

    rate_bp: int
    cap_fen: int | None = None

    def off_of(self, goods_fen: int) -> int:
        """The rate of the sum, cut at the cap."""
        off_fen = rate_off(goods_fen, self.rate_bp)
        return off_fen if self.cap_fen is None else min(off_fen, self.cap_fen)

    def worth(self) -> dict[str, int]:
        """The rate, and the cap when there is one."""
        cap = {} if self.cap_fen is None else {"cap_fen": self.cap_fen}
        return {"rate_bp": self.rate_bp, **cap}
