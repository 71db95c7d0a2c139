"""What an order takes of campaigns: money of their budgets, pieces of their sales. Source: P-45,
P-18."""

from collections import Counter
from collections.abc import Iterable

from promotions import engine
from promotions.models import Campaign

SALE = Campaign.Kind.SALE
CAMPAIGNS = frozenset(Campaign.Kind.values)


def sale_pieces(lines: Iterable[engine.QuoteLine]) -> dict[int, int]:
    """Pieces that have the price of a sale, by campaign id (P-18)."""
    pieces: Counter[int] = Counter()
    for line in lines:
        for campaign_id in {step.source_id for step in line.steps if step.kind == SALE}:
            if campaign_id is not None:
                pieces[campaign_id] += line.quantity
    return dict(pieces)


def budget_amounts(
    rules: engine.Rules, lines: Iterable[engine.QuoteLine], freight: engine.FreightQuote
) -> dict[int, int]:
    """What each campaign with a budget takes off these lines (gifts among them) and this freight,
    in fen by campaign id."""
    budgeted = {rule.rule_id for rule in rules.promotions if rule.budget_left_fen is not None}
    amounts: Counter[int] = Counter()
    if not budgeted:
        return {}
    steps = [step for line in lines for step in line.steps]
    for step in (*steps, *freight.steps):
        if step.kind in CAMPAIGNS and step.source_id in budgeted:
            amounts[step.source_id] += step.amount_fen
    return dict(amounts)
