"""A campaign of a plan that lacks stock waits until somebody confirms the start (P-47)."""

from datetime import datetime

from django.utils.translation import ngettext

from orders.selectors.plan_stock import shortages
from promotions.models import Campaign


def stock_gate(campaign: Campaign, at: datetime) -> list[str]:
    """Queries: 2 with a plan that nobody confirmed, else 0."""
    plan = campaign.plan
    if plan is None or plan.stock_confirmed_at is not None:
        return []
    lacking = shortages(plan)
    if not lacking:
        return []
    words = ngettext(
        "%(count)d SKU of its plan is short of %(pieces)s pieces; confirm the start there",
        "%(count)d SKUs of its plan are short of %(pieces)s pieces; confirm the start there",
        len(lacking),
    )
    return [words % {"count": len(lacking), "pieces": sum(one.missing for one in lacking)}]
