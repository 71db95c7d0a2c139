"""The goods of a campaign as rows of its form: fixed prices, and what an activity sells."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from mall.kernel.admin import MallTabularInline
from mall.kernel.words import short_yuan
from promotions.models import ActivityItem, Campaign, SaleItem
from promotions.services import Goods

BASE_COLUMNS = ("sku", "price_fen", "quota", "per_member")


class PricedRow(forms.ModelForm):
    """A price that is below the ordinary one, said beside the row that is not."""

    class Meta:
        labels: ClassVar = {"price_fen": _("price, ¥")}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        sku, price_fen = cleaned.get("sku"), cleaned.get("price_fen")
        if sku is not None and price_fen is not None and not 0 < price_fen < sku.price_fen:
            ordinary = short_yuan(sku.price_fen)
            self.add_error(
                "price_fen", _("Above zero and below ¥%(ordinary)s.") % {"ordinary": ordinary}
            )
        return cleaned


class PricedRows(forms.BaseInlineFormSet):
    """A sale of nothing is no sale."""

    def clean(self) -> None:
        super().clean()
        campaign = self.instance
        if campaign.kind == Campaign.Kind.SALE and "rate_bp" in campaign.rule:
            return
        if not any(self.errors) and not rows_of(self):
            raise forms.ValidationError(
                _("A sale without a rate needs the price of at least one SKU.")
            )


class SaleItemInline(MallTabularInline):
    """Fixed prices of a sale, or of members."""

    model = SaleItem
    form = PricedRow
    formset = PricedRows
    fields = ("sku", "price_fen")
    autocomplete_fields = ("sku",)


class ActivityItemInline(MallTabularInline):
    """What an activity sells, how many pieces, how many for one member."""

    model = ActivityItem
    form = PricedRow
    fields: tuple[str, ...] = BASE_COLUMNS
    readonly_fields = ("taken",)
    autocomplete_fields = ("sku",)


class FlashItemInline(ActivityItemInline):
    """Goods of a flash sale or a group buy."""

    fields = (*BASE_COLUMNS, "taken")


class BargainItemInline(ActivityItemInline):
    """Goods with the lowest price that friends can reach."""

    fields = (*BASE_COLUMNS, "floor_fen", "taken")


class PresaleItemInline(ActivityItemInline):
    """Goods with a deposit and what it counts as."""

    fields = (*BASE_COLUMNS, "deposit_fen", "worth_fen", "taken")


Kind = Campaign.Kind
INLINES: dict[str, tuple[type[MallTabularInline], ...]] = {
    Kind.SALE: (SaleItemInline,),
    Kind.MEMBER_PRICE: (SaleItemInline,),
    Kind.FLASH: (FlashItemInline,),
    Kind.GROUP: (FlashItemInline,),
    Kind.BARGAIN: (BargainItemInline,),
    Kind.PRESALE: (PresaleItemInline,),
}
"""The rows of a kind; other kinds have none."""


def rows_of(formset: Any) -> list[dict[str, Any]]:
    """The cleaned rows that stay."""
    return [row for row in formset.cleaned_data if row and not row.get("DELETE")]


def prices_in(formsets: list[Any]) -> dict[int, int]:
    """SKU id -> fixed price."""
    rows = [row for one in formsets if one.model is SaleItem for row in rows_of(one)]
    return {row["sku"].pk: row["price_fen"] for row in rows}


def goods_in(formsets: list[Any]) -> tuple[Goods, ...]:
    """What the activity sells."""
    rows = [row for one in formsets if one.model is ActivityItem for row in rows_of(one)]
    columns = ("price_fen", "quota", "per_member", "deposit_fen", "worth_fen", "floor_fen")
    return tuple(
        Goods(sku_id=row["sku"].pk, **{name: row[name] for name in columns if name in row})
        for row in rows
    )
