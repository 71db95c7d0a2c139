"""Forms of campaigns that look at an amount: 满减 and its gift, 满折, 每满减, freight."""

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
from promotions.admin.fields import RateFormField, yuan_field
from promotions.admin.kinds.pieces import gift_field
from promotions.admin.typed import pieces_field


class ThresholdOffForm(
    steps_of(threshold=yuan_field(_("from, ¥")), off=yuan_field(_("off, ¥"))),  # type: ignore[misc]
    CampaignForm,
):
    """Steps of an amount and what comes off it; a gift beside it from the first step on."""

    numbers = (*step_layout("threshold", "off"), ("options", "quantity"))
    named = {
        "steps": "threshold_1",
        "threshold_fen": "threshold_1",
        "off_fen": "off_1",
        "sku_id": "options",
        "value_fen": "options",
    }

    options = gift_field()
    quantity = pieces_field(_("pieces given"), initial=1)

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        rule: dict[str, Any] = {
            "steps": typed_steps(typed, threshold="threshold_fen", off="off_fen")
        }
        if typed.get("options"):
            rule["gift"] = {"options": typed["options"], "quantity": typed.get("quantity") or 1}
        return rule

    def typed_from(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        steps = shown_steps(rule.get("steps", []), threshold="threshold_fen", off="off_fen")
        return {**steps, **rule.get("gift", {})}


class ThresholdRateForm(
    steps_of(threshold=yuan_field(_("from, ¥")), rate=RateFormField(label=_("all at, %"))),  # type: ignore[misc]
    CampaignForm,
):
    """Steps of an amount and the rate that is paid of it."""

    numbers = (*step_layout("threshold", "rate"), "cap_fen")
    named = {"steps": "threshold_1", "threshold_fen": "threshold_1", "rate_bp": "rate_1"}

    cap_fen = yuan_field(_("off at most, ¥"))

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        steps = typed_steps(typed, threshold="threshold_fen", rate="rate_bp")
        return {"steps": steps, "cap_fen": typed.get("cap_fen")}

    def typed_from(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        steps = shown_steps(rule.get("steps", []), threshold="threshold_fen", rate="rate_bp")
        return {**steps, "cap_fen": rule.get("cap_fen")}


class EveryOffForm(CampaignForm):
    """An amount off for every amount spent."""

    numbers = (("every_fen", "off_fen"), "cap_fen")

    every_fen = yuan_field(_("for every, ¥"))
    off_fen = yuan_field(_("off, ¥"))
    cap_fen = yuan_field(_("off at most, ¥"))

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return {name: typed.get(name) for name in ("every_fen", "off_fen", "cap_fen")}


class FreeFreightForm(CampaignForm):
    """No freight from an amount on."""

    numbers = ("freight_threshold",)
    named = {"threshold_fen": "freight_threshold"}

    freight_threshold = yuan_field(
        _("free freight from, ¥"), min_value=0, help_text=_("0: from the first piece.")
    )

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return {"threshold_fen": typed.get("freight_threshold")}

    def typed_from(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        return {"freight_threshold": rule.get("threshold_fen")}
