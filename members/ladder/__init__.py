"""The sums of membership: tiers, points, streaks. Pure: no Django.

Source: requirements M-07 to M-09, M-23 to M-25.
"""

from members.ladder.points import points_due, points_earned
from members.ladder.streak import streak_before, week_points
from members.ladder.tiers import is_ladder, next_tier, tier_for

__all__ = [
    "is_ladder",
    "next_tier",
    "points_due",
    "points_earned",
    "streak_before",
    "tier_for",
    "week_points",
]
