"""What to ask for goods: by their cost, and beside others. Source: C-26, C-27."""

import dataclasses
from collections.abc import Sequence

from mall.kernel.money import FULL_RATE_BP, half_up

BELOW_COST = "below_cost"
THIN_MARGIN = "thin_margin"


@dataclasses.dataclass(frozen=True, slots=True)
class Advice:
    """A suggested price, what the present one earns over its cost, and what to be warned of."""

    suggested_fen: int
    margin_bp: int
    warning: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Others' prices and the own one among them: ``place`` 1 is the cheapest of ``of``."""

    low_fen: int
    average_fen: int
    high_fen: int
    place: int
    of: int


def suggested_price(cost_fen: int, margin_bp: int) -> int:
    """Cost x (1 + margin), half up: 50.00 at 40 % is 70.00. Units: fen."""
    return half_up(cost_fen * (FULL_RATE_BP + margin_bp), FULL_RATE_BP)


def margin_bp(price_fen: int, cost_fen: int) -> int:
    """What a price earns over its cost, in basis points of the cost; 0 without a cost."""
    if not cost_fen:
        return 0
    earned = price_fen - cost_fen
    share = half_up(abs(earned) * FULL_RATE_BP, cost_fen)
    return share if earned >= 0 else -share


def advise(*, price_fen: int, cost_fen: int, wanted_bp: int, floor_bp: int) -> Advice:
    """The price for the wanted margin, and whether ``price_fen`` is below cost or too near it."""
    earned_bp = margin_bp(price_fen, cost_fen)
    warning = ""
    if price_fen < cost_fen:
        warning = BELOW_COST
    elif cost_fen and earned_bp < floor_bp:
        warning = THIN_MARGIN
    return Advice(suggested_price(cost_fen, wanted_bp), earned_bp, warning)


def standing(own_fen: int, others: Sequence[int]) -> Standing | None:
    """Where the own price stands among others'; None where none is known."""
    if not others:
        return None
    cheaper = sum(price < own_fen for price in others)
    return Standing(
        low_fen=min(others),
        average_fen=half_up(sum(others), len(others)),
        high_fen=max(others),
        place=cheaper + 1,
        of=len(others) + 1,
    )


def market_price(found: Standing, *, cost_fen: int, floor_bp: int) -> int:
    """Others' mean price, but never one that earns less than the lowest margin. Units: fen."""
    return max(found.average_fen, suggested_price(cost_fen, floor_bp))
