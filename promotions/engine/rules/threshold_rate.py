"""满折: spend X, pay a rate of it; the lowest rate reached wins. Source: plan 000, 满减满折."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from mall.kernel.money import FULL_RATE_BP, rate_off
from promotions.engine.items import Item, goods_of
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Cut, GroupRule, Lack, NextStep, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdRate(GroupRule):
    """Steps of (spend fen, rate) in any order, over all lines of the scope together.

    The rate is taken of the sum of what lanes 1 and 2 left, at most ``cap_fen`` off (None: no cap).
    """

    kind: ClassVar[str] = "threshold_rate"
    lane: ClassVar[Lane] = Lane.ORDER_OFFER

    steps: tuple[tuple[int, int], ...]
    cap_fen: int | None = None

    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """The lowest rate among the steps reached, cut at the cap."""
        spent = goods_of(items)
        reached = [(rate_bp, spend) for spend, rate_bp in self.steps if spent >= spend]
        if not reached:
            return None
        rate_bp, threshold_fen = min(reached)
        off_fen = self._off(spent, rate_bp)
        facts = {"threshold_fen": threshold_fen, "rate_bp": rate_bp, "base_fen": spent}
        return Cut(off_fen, None, facts) if off_fen else None

    def face(self) -> Mapping[str, int]:
        """The lowest step."""
        threshold_fen, rate_bp = min(self.steps, default=(0, FULL_RATE_BP))
        return {"threshold_fen": threshold_fen, "rate_bp": rate_bp}

    def next_step(self, items: tuple[Item, ...]) -> NextStep | None:
        """The nearest step not reached that takes more off than those reached do now."""
        spent = goods_of(items)
        now = self.cut(items)
        now_fen = now.off_fen if now else 0
        ahead = [
            step for step in self.steps if step[0] > spent and self._off(step[0], step[1]) > now_fen
        ]
        if not ahead:
            return None
        threshold_fen, rate_bp = min(ahead)
        off_fen = self._off(threshold_fen, rate_bp)
        facts = {"rate_bp": rate_bp}
        return NextStep(threshold_fen, threshold_fen - spent, off_fen, facts=facts)

    def lack(self, items: tuple[Item, ...]) -> Lack:
        """The amount missing to the first step."""
        step = self.next_step(items)
        if step is None:
            return Lack(Reason.NOTHING_TO_REDUCE)
        facts = {"missing_fen": step.missing_fen, "threshold_fen": step.threshold_fen}
        return Lack(Reason.THRESHOLD_NOT_REACHED, {**facts, "off_fen": step.off_fen})

    def _off(self, spent_fen: int, rate_bp: int) -> int:
        off_fen = rate_off(spent_fen, rate_bp)
        return off_fen if self.cap_fen is None else min(off_fen, self.cap_fen)
