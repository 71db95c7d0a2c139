"""Checking in day after day. Source: requirement M-25, INV-21."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta


def streak_before(day: date, done: Collection[date]) -> int:
    """How many days in a row end on the day before ``day``."""
    streak = 0
    while day - timedelta(days=streak + 1) in done:
        streak += 1
    return streak


def week_points(streak: int, ladder: Sequence[int]) -> int:
    """Points of the ``streak``-th day in a row (from 1); after the last step it begins again."""
    return ladder[(streak - 1) % len(ladder)]
