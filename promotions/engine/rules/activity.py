"""What the prices of all activities share: they are only for lines put in for the activity."""

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.items import Item
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import UnitRule
from promotions.engine.stacking import ACTIVITY_SHUTS


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPrice(UnitRule, ABC):
    """A price for lines whose `Offer` names this rule; no ordinary price competes for them.

    ``excludes`` begins with the activities' row of the stacking matrix.
    """

    takes_offers: ClassVar[bool] = True

    excludes: frozenset[Lane] = ACTIVITY_SHUTS


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedActivity(ActivityPrice, ABC):
    """An activity that has one price a SKU, for everybody in it. ``prices``: SKU -> fen."""

    prices: Mapping[int, int]

    def unit_price(self, item: Item) -> int | None:
        """The activity's price in fen, None for a SKU that is not in it."""
        return self.prices.get(item.line.sku_id)
