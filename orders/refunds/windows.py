"""Until when goods may come back, and for what. Source: O-44."""

from dataclasses import dataclass
from datetime import date

FAULTS = frozenset({"quality", "not_as_described", "damaged", "not_received"})
"""Reasons that speak of the shop's fault; each can be looked at."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days after receipt; day 1 is the day after it."""

    no_reason_days: int = 7
    quality_days: int = 30
    exchange_days: int = 15

    def days_for(self, kind: str, reason: str) -> int:
        """How many days this wish may wait."""
        if reason in FAULTS:
            return self.quality_days
        if kind == "exchange":
            return self.exchange_days
        return self.no_reason_days

    def is_open(self, kind: str, reason: str, received_on: date | None, today: date) -> bool:
        """True on the last day still; before receipt only a kind with no days at all is shut."""
        days = self.days_for(kind, reason)
        if received_on is None:
            return days > 0
        return (today - received_on).days <= days and days > 0
