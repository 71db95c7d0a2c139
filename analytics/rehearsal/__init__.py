"""Sums of a rehearsal: past baskets priced twice, compared, judged. No Django."""

from analytics.rehearsal.comparing import BelowCost, Comparison, Goods, RuleKey, Side
from analytics.rehearsal.judging import Tried, Verdict, judge
from analytics.rehearsal.replaying import Replayed, replay

__all__ = [
    "BelowCost",
    "Comparison",
    "Goods",
    "Replayed",
    "RuleKey",
    "Side",
    "Tried",
    "Verdict",
    "judge",
    "replay",
]
