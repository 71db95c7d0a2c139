"""The sums of risk: facts of one attempt to pay in, points with reasons and a verdict out.

Pure: no Django, no clock, no query. Source: requirements O-39, O-56.
"""

from orders.risk.facts import Facts, Thresholds
from orders.risk.judging import Judgement, Reason, Verdict, judge

__all__ = ["Facts", "Judgement", "Reason", "Thresholds", "Verdict", "judge"]
