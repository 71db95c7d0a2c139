"""Forms of activities: flash sale, group buy, bargain, presale. Their goods are rows below."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldBooleanSwitchWidget,
)

from promotions.activities import CLOSABLE
from promotions.admin.campaign_form import CampaignForm
from promotions.admin.fields import yuan_field
from promotions.admin.typed import LANES, pieces_field


class ActivityForm(CampaignForm):
    """An activity's price stands alone, unless a part of the price is allowed beside it."""

    has_scope = False
    goods: tuple[str, ...] = ()
    """Further columns of its goods."""
    plain: tuple[str, ...] = ("pay_minutes",)
    """Figures of the rule that the form calls by the same name."""

    allows = forms.MultipleChoiceField(
        label=_("allowed beside it"),
        required=False,
        choices=[(str(lane), LANES[lane]) for lane in CLOSABLE],
        widget=UnfoldAdminSelect2MultipleWidget(),
    )
    pay_minutes = pieces_field(
        _("minutes to pay"), help_text=_("After that an unpaid order is closed.")
    )

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        said = {name: typed[name] for name in self.plain if typed.get(name) is not None}
        return {"allows": typed.get("allows", []), **said}


class FlashForm(ActivityForm):
    """Few pieces for a short time."""

    plain = ("pay_minutes", "remind_minutes")
    numbers = (plain, "allows")

    remind_minutes = pieces_field(_("reminder, minutes before"))


class GroupForm(ActivityForm):
    """A price for teams."""

    plain = ("size", "hours", "newcomers_only", "packet_fen", "pay_minutes")
    numbers = (("size", "hours"), ("packet_fen", "newcomers_only"), "pay_minutes", "allows")

    size = pieces_field(_("buyers of a team"), initial=3)
    hours = pieces_field(_("hours to fill it"), initial=24)
    packet_fen = yuan_field(_("red packet for the opener, ¥"))
    newcomers_only = forms.BooleanField(
        label=_("only newcomers may join"), required=False, widget=UnfoldBooleanSwitchWidget()
    )


class BargainForm(ActivityForm):
    """A price that friends cut down."""

    goods = ("floor_fen",)
    plain = ("helps", "hours", "pay_minutes")
    numbers = (("helps", "hours"), "pay_minutes", "allows")

    helps = pieces_field(_("friends to reach the lowest price"), initial=10)
    hours = pieces_field(_("hours to ask them"), initial=24)


class PresaleForm(ActivityForm):
    """A deposit now, the balance later."""

    goods = ("deposit_fen", "worth_fen")
    plain = ("pay_minutes", "deposit_comes_back")
    numbers = ("balance_from", "balance_until", ("ships_on", "deposit_comes_back"), *(
        "pay_minutes", "allows",
    ))  # fmt: skip

    balance_from = forms.SplitDateTimeField(
        label=_("balance from"), required=False, widget=UnfoldAdminSplitDateTimeWidget()
    )
    balance_until = forms.SplitDateTimeField(
        label=_("balance until"), required=False, widget=UnfoldAdminSplitDateTimeWidget()
    )
    ships_on = forms.DateField(
        label=_("sent on"), required=False, widget=UnfoldAdminSingleDateWidget()
    )
    deposit_comes_back = forms.BooleanField(
        label=_("an unpaid balance gives the deposit back"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
    )

    def rule_from(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        dates = {
            name: typed[name].isoformat()
            for name in ("balance_from", "balance_until", "ships_on")
            if typed.get(name)
        }
        return {**super().rule_from(typed), **dates}

    def typed_from(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        from django.utils.dateparse import parse_date, parse_datetime

        typed = super().typed_from(rule)
        for name, parse in (
            ("balance_from", parse_datetime),
            ("balance_until", parse_datetime),
            ("ships_on", parse_date),
        ):
            typed[name] = parse(str(rule.get(name, "")))
        return typed
