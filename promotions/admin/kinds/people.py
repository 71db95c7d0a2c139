"""Forms of campaigns for days and people: the member day, old customers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from promotions.admin.campaign_form import CampaignForm
from promotions.admin.fields import RateFormField, yuan_field
from promotions.admin.typed import DaysField, pieces_field


class MemberDayForm(CampaignForm):
    """A rate on some days of each month."""

    numbers = (("days", "rate_bp"),)

    days = DaysField(label=_("days of the month"), initial=[8], help_text=_("8, 18, 28"))
    rate_bp = RateFormField(label=_("all at, %"))

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return {"days": typed.get("days"), "rate_bp": typed.get("rate_bp")}


class LoyalRateForm(CampaignForm):
    """A rate for who has spent enough, or bought before; with days it is an old customers' day."""

    numbers = ("rate_bp", ("threshold_fen", "min_orders"), "days")

    rate_bp = RateFormField(label=_("all at, %"))
    threshold_fen = yuan_field(_("spent before, ¥"))
    min_orders = pieces_field(_("finished orders before"), least=0)
    days = DaysField(label=_("days of the month"), help_text=_("None: every day."))

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "rate_bp": typed.get("rate_bp"),
            "threshold_fen": typed.get("threshold_fen") or 0,
            "min_orders": typed.get("min_orders") or 0,
            "days": typed.get("days"),
        }
