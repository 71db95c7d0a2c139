"""What operators choose: the campaigns of a rehearsal, a reason, a basket composed by hand."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.models import Sku
from mall.kernel import regions
from mall.kernel.db import refuse_unsafe_text
from members.models import Member, Tier
from orders.models import Order, OrderLine
from orders.services import Wanted
from promotions.models import Campaign

LINES = 6
LONGEST_ID = 18
NOT_LIVE = (
    Campaign.Status.DRAFT,
    Campaign.Status.IN_REVIEW,
    Campaign.Status.APPROVED,
    Campaign.Status.PAUSED,
)


def not_live() -> Any:
    """Campaigns that shoppers do not have yet, newest first."""
    return Campaign.objects.filter(status__in=NOT_LIVE).order_by("-pk")


class CampaignsField(forms.ModelMultipleChoiceField):
    """Campaigns as check boxes, by title and kind."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title_zh} · {obj.get_kind_display()} · {obj.get_status_display()}"


class SetForm(forms.Form):
    """The other campaigns that are tried together with one."""

    others = CampaignsField(Campaign.objects.none(), label=_("Together with"), required=False)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        others: Any = self.fields["others"]
        others.queryset = not_live().exclude(pk=campaign.pk)

    def campaign_ids(self) -> list[int]:
        """The whole set, the campaign itself first."""
        return [self.campaign.pk, *(other.pk for other in self.cleaned_data["others"])]


class OverrideForm(forms.Form):
    """Why a second operator answers for what was found."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


class Searched(AutocompleteSelect):
    """A row found by typing, as in a change form; what is no id in the address is not looked up."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        ids = [text for text in map(str, value) if text.isdecimal() and len(text) <= LONGEST_ID]
        return super().optgroups(name, ids, attr)


class BasketForm(forms.Form):
    """A basket composed by hand: for whom, what, where to, when, with which campaigns."""

    tier = forms.ModelChoiceField(
        Tier.objects.order_by("rank"),
        label=_("or anybody of the tier"),
        required=False,
        empty_label=_("a guest"),
        to_field_name="code",
        widget=UnfoldAdminSelectWidget(),
    )
    province = forms.ChoiceField(
        label=_("sent to"), required=False, widget=UnfoldAdminSelectWidget()
    )
    points = forms.IntegerField(
        label=_("points"), required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget()
    )
    auto_coupons = forms.BooleanField(label=_("use the best coupons"), required=False)
    at = forms.SplitDateTimeField(
        label=_("at the moment"),
        required=False,
        help_text=_("Empty: now."),
        widget=UnfoldAdminSplitDateTimeWidget(),
    )
    campaigns = CampaignsField(
        Campaign.objects.none(), label=_("Campaigns switched in"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["campaigns"]
        chosen.queryset = not_live()
        province: Any = self.fields["province"]
        named = [(region.code, region.name) for region in regions.children()]
        province.choices = [("", _("the member's own address")), *named]
        member = _searched(Member, Order._meta.get_field("member"), _("member"))
        self.fields = {"member": member, **self.fields}
        for number in range(1, LINES + 1):
            sku = _searched(Sku, OrderLine._meta.get_field("sku"), _("SKU"))
            self.fields[f"sku_{number}"] = sku
            self.fields[f"quantity_{number}"] = forms.IntegerField(
                label=_("pieces"),
                required=False,
                min_value=1,
                max_value=999,
                widget=UnfoldAdminIntegerFieldWidget(),
            )

    def rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The lines of the form: SKU and pieces."""
        for number in range(1, LINES + 1):
            yield self[f"sku_{number}"], self[f"quantity_{number}"]

    def wanted(self) -> tuple[Wanted, ...]:
        """The goods that were chosen; a line without a number is one piece."""
        chosen = (
            (self.cleaned_data.get(f"sku_{n}"), self.cleaned_data.get(f"quantity_{n}"))
            for n in range(1, LINES + 1)
        )
        return tuple(Wanted(sku.pk, quantity or 1) for sku, quantity in chosen if sku)


def _searched(model: Any, column: Any, label: Any) -> forms.ModelChoiceField:
    """A field for a row of ``model``; ``column`` is a foreign key to it."""
    rows = model.objects.all()
    widget = Searched(column, admin.site)
    return forms.ModelChoiceField(rows, label=label, required=False, widget=widget)
