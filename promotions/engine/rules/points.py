"""积分抵现: 100 points pay ¥1, up to a share of the goods. Source: plan 001 (M-24, M-30)."""

from dataclasses import dataclass

from mall.kernel.money import FULL_RATE_BP
from promotions.engine.scope import WHOLE_SHOP, Scope

FEN_A_YUAN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRule:
    """``unit`` points pay ``unit_off_fen``; at most ``cap_bp`` of the scope's goods after lane 5.

    ``earn_bp`` is points per yuan paid for goods (10000 = one), already at the shopper's rate.
    """

    unit: int = 100
    unit_off_fen: int = 100
    cap_bp: int = 5000
    earn_bp: int = FULL_RATE_BP
    scope: Scope = WHOLE_SHOP
    version: int = 1

    def __post_init__(self) -> None:
        if self.unit < 1 or self.unit_off_fen < 1 or not 0 <= self.cap_bp <= FULL_RATE_BP:
            raise ValueError("points need a positive unit and worth, and a cap of at most 100 %")

    def max_points(self, goods_fen: int, balance: int) -> int:
        """The most points that may pay ``goods_fen``, in whole units of the balance."""
        by_cap = goods_fen * self.cap_bp // FULL_RATE_BP // self.unit_off_fen
        return max(0, min(by_cap, balance // self.unit)) * self.unit

    def worth_fen(self, points: int) -> int:
        """What whole units of points pay."""
        return points // self.unit * self.unit_off_fen

    def earned(self, paid_fen: int) -> int:
        """Points for goods paid with ``paid_fen``, rounded down."""
        return paid_fen * self.earn_bp // (FEN_A_YUAN * FULL_RATE_BP)
