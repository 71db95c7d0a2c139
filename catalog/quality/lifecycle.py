"""Where a product stands in its life, from its weekly sales, and what to do with it then.

Source: requirement C-70 (plan 002): new goods by a time-limited discount, mature ones by 满减 and
gifts, fading ones in a bundle.
"""

from collections.abc import Sequence
from enum import StrEnum

WEEKS = 8
HALF = WEEKS // 2
NEW_FOR_WEEKS = 4
RISE_PERCENT = 150
FALL_PERCENT = 80
CLEARANCE_PERCENT = 25


class Stage(StrEnum):
    """The values of `Product.Stage`."""

    NEW = "new"
    RISING = "rising"
    MATURE = "mature"
    FALLING = "falling"
    CLEARANCE = "clearance"


ADVICE = {
    Stage.NEW: "sale",
    Stage.RISING: "quantity_price",
    Stage.MATURE: "threshold_off",
    Stage.FALLING: "bundle_price",
    Stage.CLEARANCE: "bundle_price",
}
"""The kind of campaign that fits a stage, as promotions call it."""


def stage_of(weeks: Sequence[int], weeks_on_sale: int) -> Stage:
    """The stage of a product with these pieces a week, the latest week last.

    Rising and falling are judged over the last four weeks, each no smaller (no larger) than the one
    before and the last one half as large again (a fifth smaller) as the first. Goods that sell less
    than a quarter of the four weeks before, or nothing at all, are to be cleared.
    """
    if weeks_on_sale < NEW_FOR_WEEKS:
        return Stage.NEW
    earlier, recent = list(weeks[-WEEKS:-HALF]), list(weeks[-HALF:])
    pairs = list(zip(recent, recent[1:], strict=False))
    first, last = recent[0], recent[-1]
    if sum(recent) * 100 <= sum(earlier) * CLEARANCE_PERCENT:
        return Stage.CLEARANCE
    if all(after <= before for before, after in pairs) and last * 100 <= first * FALL_PERCENT:
        return Stage.FALLING
    if all(after >= before for before, after in pairs) and last * 100 >= first * RISE_PERCENT:
        return Stage.RISING
    return Stage.MATURE
