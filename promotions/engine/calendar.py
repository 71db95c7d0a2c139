"""Days of the month in Shanghai, for rules that come back every month."""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_GAP_DAYS = 62  # between two 31sts


def is_day_of(days: AbstractSet[int], at: datetime) -> bool:
    """Whether ``at`` falls on one of these days of the month, by the clock of Shanghai."""
    return at.astimezone(SHANGHAI).day in days


def next_turn(days: AbstractSet[int], at: datetime) -> datetime | None:
    """The next midnight in Shanghai at which `is_day_of` changes, None when it never does."""
    now = is_day_of(days, at)
    midnight = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(LONGEST_GAP_DAYS + 1):
        midnight += timedelta(days=1)
        if (midnight.day in days) != now:
            return midnight
    return None
