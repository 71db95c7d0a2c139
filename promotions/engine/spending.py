"""Lane points: spend the points asked for, within the cap, on the lines that take them."""

from dataclasses import dataclass

from mall.kernel.money import split
from promotions.engine.basket import Shopper
from promotions.engine.items import goods_of
from promotions.engine.lanes import Lane
from promotions.engine.quote import PointsQuote, PriceStep
from promotions.engine.refusals import PointsNotInUnits, PointsOverCap
from promotions.engine.rules.points import PointsRule
from promotions.engine.worktop import Worktop


@dataclass(frozen=True, slots=True)
class Spending:
    """How many points were spent, the most that could be, and their worth in fen."""

    max_points: int
    used: int
    amount_fen: int

    def quoted(self, earned: int) -> PointsQuote:
        """The same with what the order earns."""
        return PointsQuote(self.max_points, self.used, self.amount_fen, earned)


def spend_points(top: Worktop, rule: PointsRule, shopper: Shopper, asked: int) -> Spending:
    """Take the worth of ``asked`` points off the lines, split by what is left of each.

    Raises: PointsOverCap, PointsNotInUnits.
    """
    top.enter(Lane.POINTS)
    items = tuple(i for i in top.touching(rule.scope) if Lane.POINTS not in i.kept_out)
    max_points = rule.max_points(goods_of(items), shopper.points)
    if asked > max_points:
        raise PointsOverCap(asked=asked, max_points=max_points)
    if asked % rule.unit:
        raise PointsNotInUnits(asked=asked, unit=rule.unit)
    worth_fen = rule.worth_fen(asked)
    if worth_fen:
        params = {"points": asked, "unit": rule.unit, "unit_off_fen": rule.unit_off_fen}
        step = PriceStep(Lane.POINTS, "points", None, rule.version, "points", params, worth_fen)
        for item, share in zip(items, split(worth_fen, [i.left_fen for i in items]), strict=True):
            if share:
                item.reduce(step.resized(share))
    return Spending(max_points, asked, worth_fen)
