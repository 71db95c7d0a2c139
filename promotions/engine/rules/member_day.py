"""会员日: a better rate for members on the 8th of each month. Source: plan 001 (M-45)."""

from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.rules.dated_rate import DatedRate


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDay(DatedRate):
    """``rate_bp`` of what lanes 1 to 3 left, on ``days`` of the month; ``tier_codes`` say for whom.

    It competes with the tier's own rate: the best one counts, not both.
    """

    kind: ClassVar[str] = "member_day"

    days: frozenset[int] = frozenset({8})
