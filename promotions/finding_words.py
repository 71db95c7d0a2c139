"""Findings in words for operators: one sentence a finding, one line a good it names.

What goods cost is told only to who may see it.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mall.kernel.money import yuan
from promotions.models import CampaignFinding, Level

TROUBLE: Mapping[str, str | Promise] = {
    "rehearsal_needed": _("No rehearsal of this version has been held yet."),
    "below_cost": _("Goods newly sold below cost: %(skus)s, in lines of orders: %(lines)s."),
    "priced_below_cost": _("Own prices below cost, goods: %(skus)s."),
    "negative_margin": _("The orders it changes, %(orders)s, would lose money together."),
    "over_budget": _(
        "Expected to cost ¥%(expected_fen)s over its days (%(days)s): more than its budget of"
        " ¥%(budget_fen)s."
    ),
    "no_orders": _("There were no paid orders to rehearse on."),
    "no_effect": _("It would have changed none of the orders, %(orders)s."),
    "coupons_lost": _("Coupons that shoppers used and that would not apply: %(coupons)s."),
    "new_pairs": _("Rules that would meet on one line for the first time, pairs: %(number)s."),
    "not_replayed": _("Orders that could not be replayed: %(orders)s."),
    "activity_not_replayed": _(
        "Who would have bought in the activity is not known; only its prices were checked."
    ),
    "goods_none": _("The campaign names no goods of its own: there is nothing to check."),
    "goods_price": _(
        "Above the lowest price of the last 30 days: %(failed)s of %(checked)s goods."
    ),
    "goods_sales": _("Fewer than %(least)s pieces sold before: %(failed)s of %(checked)s goods."),
    "goods_stock": _("Too few pieces in stock: %(failed)s of %(checked)s goods."),
    "goods_listing": _("Listing quality below %(least)s: %(failed)s of %(checked)s goods."),
}
"""What a red or amber finding says."""

FINE: Mapping[str, str | Promise] = {
    "within_budget": _(
        "Expected to cost ¥%(expected_fen)s over its days (%(days)s), within its budget of"
        " ¥%(budget_fen)s."
    ),
    "in_order": _("Nothing stands against it. Orders it changes: %(affected)s of %(orders)s."),
    "goods_price": _("No price is above the lowest of the last 30 days. Goods: %(checked)s."),
    "goods_sales": _("Each sold %(least)s pieces or more before. Goods: %(checked)s."),
    "goods_stock": _("Enough pieces in stock. Goods: %(checked)s."),
    "goods_listing": _("Listing quality of %(least)s or more. Goods: %(checked)s."),
}
"""What a green finding says."""

COSTS: Mapping[str, str | Promise] = {
    "below_cost": _("Lost below cost: ¥%(loss_fen)s."),
    "negative_margin": _("Their margin: ¥%(margin_fen)s instead of ¥%(before_fen)s."),
}
"""What is added for who may see costs."""


def finding_text(finding: CampaignFinding, *, with_costs: bool = False) -> str:
    """The finding in a sentence, with what it costs for who may see that."""
    words = FINE if finding.level == Level.GREEN else TROUBLE
    facts = {name: _shown(name, value) for name, value in finding.facts.items()}
    sentences = [str(words[finding.code]) % facts]
    if with_costs and finding.code in COSTS:
        sentences.append(str(COSTS[finding.code]) % facts)
    return " ".join(sentences)


def named_goods(finding: CampaignFinding, *, with_costs: bool = False) -> list[str]:
    """The goods a finding names, each with what it lacks."""
    goods = finding.facts.get("goods") or finding.facts.get("worst") or []
    return [f"{row['code']}{_lack(row, with_costs)}" for row in goods]


def _lack(row: Mapping[str, Any], with_costs: bool) -> str:
    match row:
        case {"price_fen": price_fen, "lowest_fen": lowest_fen}:
            return f": ¥{yuan(price_fen)} > ¥{yuan(lowest_fen)}"
        case {"sold": sold, "least": least}:
            return f": {sold} < {least}"
        case {"score": score, "least": least}:
            return f": {score} < {least}"
        case {"free": free, "needed": needed}:
            return f": {free} < {needed}"
        case {"loss_fen": loss_fen} if with_costs:
            return f": \u2212¥{yuan(loss_fen)}"
    return ""


def _shown(name: str, value: Any) -> Any:
    return yuan(value) if name.endswith("_fen") else value
