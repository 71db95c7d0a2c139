"""Forms of campaigns that name prices: a sale, a price by quantity, a member price."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from promotions.admin.campaign_form import (
    CampaignForm,
    shown_steps,
    step_layout,
    steps_of,
    typed_steps,
)
from promotions.admin.fields import RateFormField
from promotions.admin.typed import SkuLinesField, pieces_field


class SaleForm(CampaignForm):
    """Single prices as rows below, and a rate for the rest of the scope."""

    numbers = ("sale_rate", "per_member")
    named = {"rate_bp": "sale_rate"}

    sale_rate = RateFormField(
        label=_("sale rate, %"), help_text=_("For the whole scope; single prices go first.")
    )

    per_member = pieces_field(
        _("pieces per member"),
        help_text=_("What one member may have at this price; empty: no limit."),
    )

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        rule = {"rate_bp": typed.get("sale_rate"), "per_member": typed.get("per_member")}
        return {name: number for name, number in rule.items() if number}

    def typed_from(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        return {"sale_rate": rule.get("rate_bp"), "per_member": rule.get("per_member")}


class MemberPriceForm(CampaignForm):
    """Prices as rows below, for the tiers that are named."""

    has_scope = False


class QuantityPriceForm(
    steps_of(pieces=pieces_field(_("from, pieces")), rate=RateFormField(label=_("each at, %"))),  # type: ignore[misc]
    CampaignForm,
):
    """Steps of a rate for the scope, and prices of single SKUs."""

    numbers = (*step_layout("pieces", "rate"), "ladders")
    named = {"steps": "pieces_1", "pieces": "pieces_1", "rate_bp": "rate_1", "price_fen": "ladders"}

    ladders = SkuLinesField(
        label=_("prices of single SKUs"),
        figures=("pieces", "price_fen"),
        help_text=_("One a line: SKU code, from how many pieces, ¥ for one piece."),
    )

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        steps = typed_steps(typed, pieces="pieces", rate="rate_bp")
        ladders = typed.get("ladders")
        return {**({"steps": steps} if steps else {}), **({"ladders": ladders} if ladders else {})}

    def typed_from(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        steps = shown_steps(rule.get("steps", []), pieces="pieces", rate="rate_bp")
        return {**steps, "ladders": rule.get("ladders", [])}
