"""优惠券: what all coupon kinds share. Source: plan 000, 优惠券; design.md, section 5, lane 5."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.basket import Occasion
from promotions.engine.items import Item, goods_of
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Cut, GroupRule, Lack, NextStep, Reason, Rule

ONE_COUPON = ""
"""The group every coupon is in unless its template says otherwise: one of them per order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponRule(GroupRule, ABC):
    """One member's copy of a coupon: ``rule_id`` is the grant, ``coupon_id`` the template.

    ``threshold_fen`` looks at what the lanes before left of the scope's lines (0: no threshold).
    Of one ``group`` at most one coupon is used in an order; groups are data. ``first_order``
    coupons are for shoppers who have never paid an order.
    """

    lane: ClassVar[Lane] = Lane.COUPON
    origin: ClassVar[str] = "coupon"

    coupon_id: int
    threshold_fen: int = 0
    group: str = ONE_COUPON
    first_order: bool = False

    @property
    def grant_id(self) -> int:
        """The grant this rule stands for."""
        return self.rule_id

    def refusal(self, occasion: Occasion) -> Reason | None:
        """As for every rule; and a first-order coupon needs a first order."""
        refused = Rule.refusal(self, occasion)
        if refused is None and self.first_order and occasion.shopper.paid_orders:
            return Reason.NOT_FIRST_ORDER
        return refused

    @abstractmethod
    def off_of(self, goods_fen: int) -> int:
        """What the coupon takes off ``goods_fen`` once its threshold is reached."""

    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """The amount off the scope's lines, at most what is left of them."""
        goods_fen = goods_of(items)
        if goods_fen < self.threshold_fen:
            return None
        off_fen = min(self.off_of(goods_fen), goods_fen)
        return Cut(off_fen, None, {**self.face(), "base_fen": goods_fen}) if off_fen else None

    @abstractmethod
    def worth(self) -> dict[str, int]:
        """What the coupon takes off, as printed on it."""

    def face(self) -> dict[str, int]:
        """What is printed on the coupon, for its label."""
        return {"coupon_id": self.coupon_id, "threshold_fen": self.threshold_fen, **self.worth()}

    def lack(self, items: tuple[Item, ...]) -> Lack:
        """The amount missing to the threshold."""
        missing_fen = self.threshold_fen - goods_of(items)
        if missing_fen <= 0:
            return Lack(Reason.NOTHING_TO_REDUCE)
        facts = {"missing_fen": missing_fen, "threshold_fen": self.threshold_fen}
        return Lack(Reason.THRESHOLD_NOT_REACHED, facts)

    def next_step(self, items: tuple[Item, ...]) -> NextStep | None:
        """The threshold, while it is not reached."""
        missing_fen = self.threshold_fen - goods_of(items)
        if missing_fen <= 0:
            return None
        off_fen = self.off_of(self.threshold_fen)
        return NextStep(self.threshold_fen, missing_fen, off_fen)
