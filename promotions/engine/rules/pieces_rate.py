"""N件M折: from so many pieces on all of them at a rate. Source: plan 000, 多件优惠 (P-25)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from mall.kernel.money import FULL_RATE_BP, rate_off
from promotions.engine.items import Item, goods_of
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Cut, GroupRule, Lack, NextStep, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PiecesRate(GroupRule):
    """Steps of (pieces, rate) in any order, over the pieces of all the scope's lines together.

    The rate is taken of the sum of what lane 1 left of them; the lowest rate reached counts.
    """

    kind: ClassVar[str] = "pieces_rate"
    lane: ClassVar[Lane] = Lane.ITEM_OFFER

    steps: tuple[tuple[int, int], ...]

    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """The lowest rate among the steps reached, off all the pieces."""
        have = _pieces(items)
        reached = [(rate_bp, pieces) for pieces, rate_bp in self.steps if have >= pieces]
        if not reached:
            return None
        rate_bp, pieces = min(reached)
        base_fen = goods_of(items)
        off_fen = rate_off(base_fen, rate_bp)
        facts = {"rate_bp": rate_bp, "pieces": pieces, "base_fen": base_fen}
        return Cut(off_fen, None, facts) if off_fen else None

    def face(self) -> Mapping[str, int]:
        """The lowest step."""
        pieces, rate_bp = min(self.steps, default=(0, FULL_RATE_BP))
        return {"pieces": pieces, "rate_bp": rate_bp}

    def next_step(self, items: tuple[Item, ...]) -> NextStep | None:
        """The nearest step not reached with a lower rate, reached with the cheapest pieces."""
        have = _pieces(items)
        reached = min((rate for pieces, rate in self.steps if have >= pieces), default=None)
        ahead = [
            step for step in self.steps if step[0] > have and (reached is None or step[1] < reached)
        ]
        if not ahead:
            return None
        pieces, rate_bp = min(ahead)
        missing_fen = (pieces - have) * min(item.unit_fen for item in items)
        base_fen = goods_of(items) + missing_fen
        off_fen, missing = rate_off(base_fen, rate_bp), pieces - have
        facts = {"pieces": pieces, "rate_bp": rate_bp}
        return NextStep(base_fen, missing_fen, off_fen, missing, facts)

    def lack(self, items: tuple[Item, ...]) -> Lack:
        """The pieces missing to the first step."""
        missing = min((pieces for pieces, _ in self.steps), default=0) - _pieces(items)
        if missing > 0:
            return Lack(Reason.QUANTITY_NOT_REACHED, {"missing_pieces": missing})
        return Lack(Reason.NOTHING_TO_REDUCE)


def _pieces(items: tuple[Item, ...]) -> int:
    return sum([item.quantity for item in items])
