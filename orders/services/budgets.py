"""What an order costs the campaigns that have a budget: counted when it is placed. Source: P-45."""

from collections import Counter
from collections.abc import Iterable

from promotions import engine
from promotions.models import Campaign

CAMPAIGNS = frozenset(Campaign.Kind.values)


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
