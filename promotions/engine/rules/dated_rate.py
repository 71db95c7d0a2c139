"""A rate that holds on some days of every month: what 会员日 and 老客日 share."""

from dataclasses import dataclass
from datetime import datetime

from promotions.engine.basket import Occasion
from promotions.engine.calendar import is_day_of, next_turn
from promotions.engine.rules.base import Reason, Rule
from promotions.engine.rules.tier_rate import TierRate


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRate(TierRate):
    """A rate on ``days`` of the month in Shanghai (empty: on all of them)."""

    days: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.days <= frozenset(range(1, 32)):
            raise ValueError("days of the month run from 1 to 31")

    def refusal(self, occasion: Occasion) -> Reason | None:
        """As for every rule; and the day must be one of its own."""
        refused = Rule.refusal(self, occasion)
        if refused is None and self.days and not is_day_of(self.days, occasion.at):
            return Reason.NOT_TODAY
        return refused

    def next_change(self, at: datetime) -> datetime | None:
        """The rule's start or end, or the midnight at which its days begin or end."""
        changes = [Rule.next_change(self, at), next_turn(self.days, at) if self.days else None]
        return min((change for change in changes if change is not None), default=None)
