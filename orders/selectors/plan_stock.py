"""What a campaign plan expects to sell beside what there is. Source: requirement P-47."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import Sku
from inventory.selectors import available_pieces
from promotions.models import CampaignPlan


@dataclass(frozen=True, slots=True)
class Expected:
    """One SKU of a plan: pieces expected, pieces free now."""

    sku: Sku
    pieces: int
    available: int

    @property
    def missing(self) -> int:
        """Pieces that have to come before the start."""
        return max(0, self.pieces - self.available)


def expected_stock(plan: CampaignPlan) -> list[Expected]:
    """Every forecast of the plan beside the free stock, the largest shortage first. Queries: 2."""
    rows = list(plan.forecasts.select_related("sku__product"))
    free = available_pieces([row.sku_id for row in rows])
    found = [Expected(row.sku, row.pieces, free[row.sku_id]) for row in rows]
    return sorted(found, key=lambda one: (-one.missing, one.sku.code))


def shortages(plan: CampaignPlan) -> Sequence[Expected]:
    """The SKUs of which there is too little. Queries: 2."""
    return [one for one in expected_stock(plan) if one.missing]
