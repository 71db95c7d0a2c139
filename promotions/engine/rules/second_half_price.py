"""第二件半价: every second piece of one SKU at half price. Source: plan 000, 满减与多件优惠策略."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from mall.kernel.money import rate_off
from promotions.engine.items import Item, goods_of
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Cut, GroupRule, Lack, NextStep, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondHalfPrice(GroupRule):
    """Every second piece of a SKU costs ``second_rate_bp`` of its price after lane 1.

    The rate is taken of the sum of all second pieces.
    """

    kind: ClassVar[str] = "second_half_price"
    lane: ClassVar[Lane] = Lane.ITEM_OFFER

    second_rate_bp: int = 5000

    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """The rate applied to the sum of all second pieces; items without one take no part."""
        seconds = tuple(item.quantity // 2 * item.unit_fen for item in items)
        off_fen = rate_off(sum(seconds), self.second_rate_bp)
        if not off_fen:
            return None
        return Cut(off_fen, seconds, {"rate_bp": self.second_rate_bp, "base_fen": sum(seconds)})

    def next_step(self, items: tuple[Item, ...]) -> NextStep | None:
        """One more piece of the cheapest article that has an odd one."""
        odd = [item.unit_fen for item in items if item.quantity % 2 and item.unit_fen]
        if not odd:
            return None
        more_fen = min(odd)
        seconds_fen = sum([item.quantity // 2 * item.unit_fen for item in items]) + more_fen
        off_fen = rate_off(seconds_fen, self.second_rate_bp)
        return NextStep(goods_of(items) + more_fen, more_fen, off_fen, 1)

    def face(self) -> Mapping[str, int]:
        """The rate of a second piece."""
        return {"rate_bp": self.second_rate_bp}

    def lack(self, items: tuple[Item, ...]) -> Lack:
        """One more piece is missing where none is double."""
        if all(item.quantity < 2 for item in items):
            return Lack(Reason.QUANTITY_NOT_REACHED, {"missing_pieces": 1})
        return Lack(Reason.NOTHING_TO_REDUCE)
