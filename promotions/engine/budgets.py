"""Budgets: a campaign whose budget this basket would overrun is left out of its price (P-45).

The counter itself is the database's, charged when the order is placed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import replace

from promotions.engine.book import Rules
from promotions.engine.quote import Quote


def costs_of(quote: Quote, rules: Rules) -> dict[int, int]:
    """What each campaign costs the shop in this quote, in fen by rule id: what its steps take off
    goods and freight, and the declared value of its gifts."""
    campaigns = {(rule.kind, rule.rule_id) for rule in rules.promotions}
    costs: Counter[int] = Counter()
    lines = [step for line in quote.lines for step in line.steps]
    for step in (*lines, *quote.freight.steps):
        if step.source_id is not None and (step.kind, step.source_id) in campaigns:
            costs[step.source_id] += step.amount_fen
    for gift in quote.gifts:
        costs[gift.rule_id] += gift.value_fen * gift.quantity
    return {rule_id: fen for rule_id, fen in costs.items() if fen}


def overrun(quote: Quote, rules: Rules) -> frozenset[int]:
    """The campaigns that cost more here than is left of their budgets."""
    left = {
        rule.rule_id: rule.budget_left_fen
        for rule in rules.promotions
        if rule.budget_left_fen is not None
    }
    if not left:
        return frozenset()
    costs = costs_of(quote, rules)
    return frozenset(rule_id for rule_id, fen in left.items() if costs.get(rule_id, 0) > fen)


def without(rules: Rules, rule_ids: AbstractSet[int]) -> Rules:
    """The same book less these campaigns."""
    left = tuple(rule for rule in rules.promotions if rule.rule_id not in rule_ids)
    return replace(rules, promotions=left)
