"""What an operator types to change a price."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.models import Sku
from catalog.pricing import suggested_price
from catalog.services import PriceWish
from mall.kernel.db import refuse_unsafe_text
from mall.kernel.db.fields import YuanFormField

MOST_MARGIN = 1_000
PERCENT_BP = 100


class PriceForm(forms.Form):
    """A price, from when to when, for how many pieces, and why."""

    price_fen = YuanFormField(label=_("price"), min_value=1, widget=UnfoldAdminTextInputWidget())
    list_price_fen = YuanFormField(
        label=_("list price"), min_value=1, widget=UnfoldAdminTextInputWidget()
    )
    effective_at = forms.SplitDateTimeField(
        label=_("from"),
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget(),
        help_text=_("Empty: at once."),
    )
    ends_at = forms.SplitDateTimeField(
        label=_("until"),
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget(),
        help_text=_("The price of before comes back then. Empty: for good."),
    )
    quota = forms.IntegerField(
        label=_("quota"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Pieces that may be sold at this price; a price below cost needs it."),
    )
    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


class CostPriceForm(PriceForm):
    """The same for those who may see costs: the price may follow from a margin (C-26)."""

    price_fen = YuanFormField(
        label=_("price"),
        min_value=1,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Empty: the cost and the margin."),
    )
    margin = forms.IntegerField(
        label=_("margin, %"),
        min_value=0,
        max_value=MOST_MARGIN,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Over the cost, where no price is typed."),
    )
    field_order = ("price_fen", "margin")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and cleaned["price_fen"] is None and cleaned["margin"] is None:
            self.add_error("price_fen", _("A price, or a margin."))
        return cleaned


def wish_of(sku: Sku, typed: Mapping[str, Any]) -> PriceWish:
    """What was typed, for a SKU; the list price is never below the price."""
    price_fen = typed["price_fen"]
    if price_fen is None:
        price_fen = suggested_price(sku.cost_fen, typed["margin"] * PERCENT_BP)
    return PriceWish(
        sku_id=sku.pk,
        price_fen=price_fen,
        list_price_fen=max(typed["list_price_fen"], price_fen),
        effective_at=typed["effective_at"],
        ends_at=typed["ends_at"],
        quota=typed["quota"],
    )


class AnswerForm(forms.Form):
    """Why a price goes back to who asked for it."""

    answer = forms.CharField(
        label=_("reason"),
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
