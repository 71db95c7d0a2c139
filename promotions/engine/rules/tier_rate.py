"""等级折扣: what a member's tier pays of the goods (黄金 95折). Source: plan 001, 会员等级."""

from dataclasses import dataclass
from typing import ClassVar

from mall.kernel.money import rate_off
from promotions.engine.items import Item, goods_of
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Cut, GroupRule, Lack, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRate(GroupRule):
    """``rate_bp`` of what lanes 1 to 3 left of the scope's lines, applied to their sum."""

    kind: ClassVar[str] = "tier_rate"
    lane: ClassVar[Lane] = Lane.TIER_RATE

    rate_bp: int

    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """The rate of the sum, so that no fen is lost line by line."""
        off_fen = rate_off(goods_of(items), self.rate_bp)
        return Cut(off_fen, None, {"rate_bp": self.rate_bp}) if off_fen else None

    def lack(self, items: tuple[Item, ...]) -> Lack:
        """Only goods too cheap for a fen of it, or a rate of 100 %, leave nothing."""
        return Lack(Reason.NOTHING_TO_REDUCE)
