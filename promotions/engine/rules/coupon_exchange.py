"""兑换券: one piece of a named article for nothing or a fixed price. Source: plan 000, 优惠券."""

from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.items import Item, goods_of
from promotions.engine.rules.base import Cut
from promotions.engine.rules.coupon import CouponRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponExchange(CouponRule):
    """One piece of the scope's goods costs ``price_fen``: the dearest after lanes 1 to 4."""

    kind: ClassVar[str] = "coupon_exchange"

    price_fen: int = 0

    def __post_init__(self) -> None:
        if self.scope.is_whole_shop:
            raise ValueError("an exchange coupon names its goods")

    def off_of(self, goods_fen: int) -> int:
        """What comes off a piece that costs ``goods_fen``."""
        return max(0, goods_fen - self.price_fen)

    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """The dearest piece less the fixed price; the other lines take no part."""
        dearest = max(items, key=_piece_fen)
        off_fen = self.off_of(_piece_fen(dearest))
        if goods_of(items) < self.threshold_fen or not off_fen:
            return None
        weights = tuple([off_fen if item is dearest else 0 for item in items])
        return Cut(off_fen, weights, self.face())

    def worth(self) -> dict[str, int]:
        """What the piece costs with the coupon."""
        return {"price_fen": self.price_fen}


def _piece_fen(item: Item) -> int:
    """What is left of one piece, rounded down so that a share never exceeds the rest."""
    return item.left_fen // item.quantity
