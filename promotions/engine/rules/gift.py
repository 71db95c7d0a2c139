"""满赠: a gift by amount, pieces or product, one of n. Source: plan 000, 满赠 (P-28, P-08)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.basket import Occasion
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Lack, NextStep, Reason, Rule

GiftChoice = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftWithPurchase(Rule):
    """``quantity`` pieces of one of ``options`` (SKU, declared value in fen; the first is given
    unless the shopper chooses) for the scope's lines.

    ``threshold_fen`` looks at what lanes 1 and 2 left of the lines, ``pieces`` at their number;
    both must be reached (0: not asked). With ``per`` each multiple gives again, at most ``most``
    times (None: no end). ``min_orders``: earlier completed orders the shopper must have (P-08: 1).
    Of several gifts a line counts for one. A gift changes no price; its ``excludes`` shut nothing.
    """

    kind: ClassVar[str] = "gift"
    lane: ClassVar[Lane] = Lane.ITEM_OFFER

    options: tuple[GiftChoice, ...]
    threshold_fen: int = 0
    pieces: int = 0
    quantity: int = 1
    per: bool = False
    most: int | None = None
    min_orders: int = 0

    def __post_init__(self) -> None:
        if not self.options or self.quantity < 1 or min(self.pieces, self.threshold_fen) < 0:
            raise ValueError("a gift needs options, pieces to give, and no negative conditions")

    def refusal(self, occasion: Occasion) -> Reason | None:
        """As for every rule; and the shopper must have bought before if the rule says so."""
        refused = Rule.refusal(self, occasion)
        if refused is None and occasion.shopper.completed_orders < self.min_orders:
            return Reason.NO_EARLIER_ORDER
        return refused

    def times(self, goods_fen: int, pieces: int) -> int:
        """How many times goods of ``goods_fen`` in ``pieces`` pieces earn the gift."""
        asked = ((goods_fen, self.threshold_fen), (pieces, self.pieces))
        reached = min((had // needed for had, needed in asked if needed), default=1)
        if not self.per:
            return min(reached, 1)
        return reached if self.most is None else min(reached, self.most)

    def lack(self, goods_fen: int, pieces: int) -> Lack:
        """What is missing until the gift is earned once."""
        if goods_fen < self.threshold_fen:
            return Lack(Reason.THRESHOLD_NOT_REACHED, self._missing(goods_fen))
        return Lack(Reason.QUANTITY_NOT_REACHED, {"missing_pieces": self.pieces - pieces})

    def next_step(self, goods_fen: int, pieces: int) -> NextStep | None:
        """The amount at which the gift is earned first, by its declared value."""
        missing_fen = self.threshold_fen - goods_fen
        if missing_fen <= 0:
            return None
        value_fen = self.options[0][1] * self.quantity
        return NextStep(self.threshold_fen, missing_fen, value_fen)

    def face(self) -> dict[str, int]:
        """The conditions, for the label."""
        return {
            "threshold_fen": self.threshold_fen,
            "pieces": self.pieces,
            "quantity": self.quantity,
        }

    def _missing(self, goods_fen: int) -> Mapping[str, int]:
        return {"missing_fen": self.threshold_fen - goods_fen, "threshold_fen": self.threshold_fen}
