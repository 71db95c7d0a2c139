"""等级折扣: what a member's tier pays of the goods (黄金 95折). Source: plan 001, 会员等级."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from mall.kernel.money import rate_off
from promotions.engine.items import Item, goods_of
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Cut, GroupRule, Lack, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRate(GroupRule):
    """``rate_bp`` of what lanes 1 to 3 left of the scope's lines, applied to their sum.

    A rate asks for no amount, so what is best is decided line by line: within a priority the
    lowest rate takes its lines first, whatever the others would save on more of them.
    """

    kind: ClassVar[str] = "tier_rate"
    lane: ClassVar[Lane] = Lane.TIER_RATE

    rate_bp: int

    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """The rate of the sum, so that no fen is lost line by line."""
        base_fen = goods_of(items)
        off_fen = rate_off(base_fen, self.rate_bp)
        facts = {"rate_bp": self.rate_bp, "base_fen": base_fen}
        return Cut(off_fen, None, facts) if off_fen else None

    def face(self) -> Mapping[str, int]:
        """The rate."""
        return {"rate_bp": self.rate_bp}

    def rank(self, cut: Cut) -> int:
        """The lowest rate first."""
        return self.rate_bp

    def lack(self, items: tuple[Item, ...]) -> Lack:
        """Only goods too cheap for a fen of it, or a rate of 100 %, leave nothing."""
        return Lack(Reason.NOTHING_TO_REDUCE)
