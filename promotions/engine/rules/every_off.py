"""每满减: for every X spent, Y off, up to a cap. Source: plan 000, 满减与多件优惠策略."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.items import Item, goods_of
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Cut, GroupRule, Lack, NextStep, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class EveryOff(GroupRule):
    """``off_fen`` for every whole ``every_fen`` of the scope's lines together after lanes 1 and 2,
    at most ``cap_fen`` in all (None: no cap)."""

    kind: ClassVar[str] = "every_off"
    lane: ClassVar[Lane] = Lane.ORDER_OFFER

    every_fen: int
    off_fen: int
    cap_fen: int | None = None

    def __post_init__(self) -> None:
        if self.every_fen < 1:
            raise ValueError("every needs an amount above zero")

    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """The multiples reached, at most the cap and the goods themselves."""
        spent = goods_of(items)
        off_fen = min(self._off(spent // self.every_fen), spent)
        return Cut(off_fen, None, self.face()) if off_fen else None

    def face(self) -> Mapping[str, int]:
        """So much off for every so much."""
        return {"every_fen": self.every_fen, "off_fen": self.off_fen}

    def next_step(self, items: tuple[Item, ...]) -> NextStep | None:
        """The next multiple, while the cap leaves something for it."""
        spent = goods_of(items)
        times = spent // self.every_fen
        off_fen = self._off(times + 1)
        if off_fen <= self._off(times):
            return None
        threshold_fen = (times + 1) * self.every_fen
        facts = {"off_fen": self.off_fen}
        return NextStep(threshold_fen, threshold_fen - spent, off_fen, facts=facts)

    def lack(self, items: tuple[Item, ...]) -> Lack:
        """The amount missing to the first multiple."""
        step = self.next_step(items)
        if step is None:
            return Lack(Reason.NOTHING_TO_REDUCE)
        facts = {"missing_fen": step.missing_fen, "threshold_fen": step.threshold_fen}
        return Lack(Reason.THRESHOLD_NOT_REACHED, {**facts, "off_fen": step.off_fen})

    def _off(self, times: int) -> int:
        off_fen = times * self.off_fen
        return off_fen if self.cap_fen is None else min(off_fen, self.cap_fen)
