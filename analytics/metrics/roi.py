"""What a coupon brought in, judged against those who got none. Source: requirement P-17.

The control group says what members would have spent anyway; only what is above it was gained.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.metrics.trade import FULL_BP
from mall.kernel.money import half_up


@dataclass(frozen=True, slots=True)
class Group:
    """So many members who spent so much together, in fen."""

    members: int
    spent_fen: int


def gained_fen(served: Group, control: Group) -> int | None:
    """What the served spent above what as many of the control group would have; None without one.

    Below zero when the coupon kept them from buying.
    """
    if control.members <= 0:
        return None
    return served.spent_fen - half_up(control.spent_fen * served.members, control.members)


def roi_bp(gain_fen: int | None, cost_fen: int) -> int | None:
    """(gain - cost) / cost in basis points, +10000 is twice the cost; None where there is no cost
    or no gain to speak of."""
    if gain_fen is None or cost_fen <= 0:
        return None
    net_fen = gain_fen - cost_fen
    size = half_up(abs(net_fen) * FULL_BP, cost_fen)
    return size if net_fen >= 0 else -size
