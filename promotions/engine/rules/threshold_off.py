"""满减: spend X, get Y off; the highest step reached wins. Source: plan 000, 满减与多件优惠策略."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.items import Item, goods_of
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Cut, GroupRule, Lack, NextStep, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdOff(GroupRule):
    """Steps of (spend fen, off fen) in any order, over all lines of the scope together."""

    kind: ClassVar[str] = "threshold_off"
    lane: ClassVar[Lane] = Lane.ORDER_OFFER

    steps: tuple[tuple[int, int], ...]

    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """The largest amount off among the steps reached, at most the goods themselves."""
        spent = goods_of(items)
        off_fen, threshold_fen = max(
            ((off, -spend) for spend, off in self.steps if spent >= spend), default=(0, 0)
        )
        if not min(off_fen, spent):
            return None
        facts = {"threshold_fen": -threshold_fen, "off_fen": off_fen}
        return Cut(min(off_fen, spent), None, facts)

    def face(self) -> Mapping[str, int]:
        """The lowest step."""
        threshold_fen, off_fen = min(self.steps, default=(0, 0))
        return {"threshold_fen": threshold_fen, "off_fen": off_fen}

    def next_step(self, items: tuple[Item, ...]) -> NextStep | None:
        """The nearest step not reached that takes more off than those reached."""
        spent = goods_of(items)
        reached = max((off for spend, off in self.steps if spent >= spend), default=0)
        ahead = [step for step in self.steps if step[0] > spent and step[1] > reached]
        if not ahead:
            return None
        threshold_fen, off_fen = min(ahead, key=lambda step: (step[0], -step[1]))
        return NextStep(threshold_fen, threshold_fen - spent, off_fen)

    def lack(self, items: tuple[Item, ...]) -> Lack:
        """The amount missing to the first step."""
        step = self.next_step(items)
        if step is None:
            return Lack(Reason.NOTHING_TO_REDUCE)
        facts = {"missing_fen": step.missing_fen, "threshold_fen": step.threshold_fen}
        return Lack(Reason.THRESHOLD_NOT_REACHED, {**facts, "off_fen": step.off_fen})
