"""Forms of campaigns that count pieces: the second at a rate, N at a rate, bundles, gifts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldBooleanSwitchWidget

from promotions.admin.campaign_form import (
    CampaignForm,
    shown_steps,
    step_layout,
    steps_of,
    typed_steps,
)
from promotions.admin.fields import RateFormField, yuan_field
from promotions.admin.typed import SkuLinesField, pieces_field


class SecondHalfPriceForm(CampaignForm):
    """Every second piece at a rate."""

    numbers = ("second_rate",)
    named = {"second_rate_bp": "second_rate"}

    second_rate = RateFormField(label=_("second piece at, %"), initial=5_000)

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return {"second_rate_bp": typed.get("second_rate")}

    def typed_from(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        return {"second_rate": rule.get("second_rate_bp")}


class PiecesRateForm(
    steps_of(pieces=pieces_field(_("from, pieces")), rate=RateFormField(label=_("all at, %"))),  # type: ignore[misc]
    CampaignForm,
):
    """From N pieces of the scope on, all of them at a rate."""

    numbers = step_layout("pieces", "rate")
    named = {"steps": "pieces_1", "pieces": "pieces_1", "rate_bp": "rate_1"}

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return {"steps": typed_steps(typed, pieces="pieces", rate="rate_bp")}

    def typed_from(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        return shown_steps(rule.get("steps", []), pieces="pieces", rate="rate_bp")


class BundlePriceForm(CampaignForm):
    """Some goods together for one price."""

    numbers = ("bundle", ("price_fen", "most"))
    has_scope = False
    named = {"sku_id": "bundle", "pieces": "bundle"}

    bundle = SkuLinesField(
        label=_("goods of one bundle"),
        figures=("pieces",),
        defaults={"pieces": 1},
        help_text=_("One a line: SKU code, and how many pieces when more than one."),
    )
    price_fen = yuan_field(_("bundle price, ¥"))
    most = pieces_field(_("bundles of one order at most"))

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return {name: typed.get(name) for name in ("bundle", "price_fen", "most")}


def gift_field() -> SkuLinesField:
    """What is given, one of the lines."""
    return SkuLinesField(
        label=_("gifts to choose from"),
        figures=("value_fen",),
        help_text=_(
            "One a line: SKU code, declared value in ¥. The first one is given unless the shopper"
            " chooses another, or it is out of stock."
        ),
    )


class GiftForm(CampaignForm):
    """Something given from an amount, or from a number of pieces, of the scope."""

    numbers = (
        ("threshold_fen", "pieces"),
        "options",
        ("quantity", "per"),
        ("most", "min_orders"),
    )
    named = {"sku_id": "options", "value_fen": "options"}

    threshold_fen = yuan_field(_("from, ¥"), help_text=_("Empty: from the first piece."))
    pieces = pieces_field(_("from, pieces"), initial=1)
    options = gift_field()
    quantity = pieces_field(_("pieces given"), initial=1)
    per = forms.BooleanField(
        label=_("again for every such amount"), required=False, widget=UnfoldBooleanSwitchWidget()
    )
    most = pieces_field(_("times in one order at most"))
    min_orders = pieces_field(
        _("earlier orders"), least=0, initial=0, help_text=_("1: for old customers only.")
    )

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "options": typed.get("options"),
            "threshold_fen": typed.get("threshold_fen") or 0,
            "pieces": typed.get("pieces") or 1,
            "quantity": typed.get("quantity") or 1,
            "per": typed.get("per", False),
            "most": typed.get("most"),
            "min_orders": typed.get("min_orders") or 0,
        }
