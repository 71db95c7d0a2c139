"""What operators type on the papers of stock."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from inventory.admin.forms import (
    MOST_LINES,
    MOST_PIECES,
    DeliveryForm,
    PiecesField,
    pieces_field,
    text_field,
)
from inventory.models import Disposal, Stocktake, Transfer, Warehouse
from mall.kernel.db import refuse_unsafe_text
from mall.kernel.db.fields import YuanFormField

ACTIVE = Warehouse.objects.filter(is_active=True)


def house_field(label: Any) -> forms.ModelChoiceField:
    """A warehouse in use."""
    return forms.ModelChoiceField(ACTIVE, label=label, widget=UnfoldAdminSelectWidget())


class NoteForm(forms.Form):
    """Why it is done."""

    note = text_field(_("reason"), size=200)


class TransferForm(DeliveryForm):
    """Goods that one warehouse sends to another, one SKU a line."""

    warehouse = house_field(pgettext_lazy("transfer", "from"))
    target = house_field(pgettext_lazy("transfer", "to"))
    source_id = None  # type: ignore[assignment]
    note = text_field(_("note"), size=200, required=False)
    field_order = ("warehouse", "target", "lines", "note")

    def clean(self) -> dict[str, Any]:
        """A transfer goes elsewhere."""
        typed = super().clean() or self.cleaned_data
        if typed.get("warehouse") and typed.get("warehouse") == typed.get("target"):
            self.add_error("target", _("Choose another warehouse."))
        return typed


class ArrivalForm(forms.Form):
    """Pieces of each line that arrived; built for one transfer."""

    reference = forms.CharField(max_length=32, widget=forms.HiddenInput)

    @classmethod
    def of(cls, transfer: Transfer) -> type["ArrivalForm"]:
        """A form with one field a line that is still on its way."""
        fields: dict[str, Any] = {
            f"sku_{line.sku_id}": pieces_field(
                line.sku.code, least=0, most=line.on_its_way, initial=line.on_its_way
            )
            for line in transfer.lines.select_related("sku").order_by("sku")
            if line.on_its_way
        }
        return type("ArrivalOfTransfer", (cls,), fields)

    def clean(self) -> dict[str, Any]:
        """Pieces by SKU id, without the zeros."""
        typed = super().clean() or self.cleaned_data
        pieces = {
            int(name.removeprefix("sku_")): number
            for name, number in typed.items()
            if name.startswith("sku_") and number
        }
        if not pieces and not self.errors:
            raise forms.ValidationError(_("Nothing arrived."))
        return {**typed, "pieces": pieces}


class OpenStocktakeForm(forms.Form):
    """The warehouse that is counted."""

    warehouse = house_field(_("warehouse"))
    note = text_field(_("note"), size=200, required=False)


class DifferenceForm(forms.Form):
    """Pieces more or less of one row, booked when a second person approves."""

    difference = PiecesField(
        label=_("difference"),
        min_value=-MOST_PIECES,
        max_value=MOST_PIECES,
        help_text=_("Negative: pieces that are gone."),
        widget=UnfoldAdminTextInputWidget(),
    )
    reason = text_field(_("reason"), size=200)

    def clean_difference(self) -> int:
        """No difference is no paper."""
        number: int = self.cleaned_data["difference"]
        if not number:
            raise forms.ValidationError(_("Nothing differs."))
        return number


class DefectForm(forms.Form):
    """Pieces that are broken and leave what is sold."""

    pieces = pieces_field(_("defective pieces"), least=1)
    reason = text_field(_("reason"), size=200)
    source_id = forms.CharField(max_length=64, widget=forms.HiddenInput)


class DisposalForm(forms.Form):
    """What becomes of defects."""

    way = forms.ChoiceField(
        label=_("what becomes of them"),
        choices=Disposal.Way.choices,
        widget=UnfoldAdminSelectWidget(),
    )
    pieces = pieces_field(_("defective pieces"), least=1)
    proceeds_fen = YuanFormField(
        label=_("brings in"),
        min_value=0,
        initial=0,
        help_text=_("Paid by the buyer, or credited by the supplier."),
        widget=UnfoldAdminDecimalFieldWidget(),
    )
    reason = text_field(_("reason"), size=200)

    def clean(self) -> dict[str, Any]:
        """Scrap brings nothing."""
        typed = super().clean() or self.cleaned_data
        if typed.get("way") == Disposal.Way.SCRAP and typed.get("proceeds_fen"):
            self.add_error("proceeds_fen", _("Scrap brings nothing."))
        return typed


class CountsForm(forms.Form):
    """Counted lines: code, pieces, and the reason of a difference; built for one stocktake."""

    lines = forms.CharField(
        label=_("counted"),
        max_length=MOST_LINES * 120,
        help_text=_("One line for each SKU: its code, the pieces, and why they differ if they do."),
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 14}),
    )
    item_ids: ClassVar[Mapping[str, int]] = {}

    @classmethod
    def of(cls, paper: Stocktake) -> type["CountsForm"]:
        """The form that knows the codes of the paper."""
        known = dict(paper.lines.values_list("item__sku__code", "item_id"))
        return type("CountsOfStocktake", (cls,), {"item_ids": known})

    def clean_lines(self) -> dict[int, tuple[int, str]]:
        """(Pieces, reason) by stock row; every line that is wrong is named."""
        found: dict[int, tuple[int, str]] = {}
        errors = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            if not line.strip():
                continue
            code, pieces, reason = (*line.split(None, 2), "", "")[:3]
            item_id = self.item_ids.get(code)
            readable = pieces.isascii() and pieces.isdigit() and len(pieces) <= 7
            if item_id is None or not readable or item_id in found:
                errors.append(
                    _("Line %(number)s: %(line)s") % {"number": number, "line": line[:60]}
                )
            else:
                found[item_id] = (int(pieces), reason.strip()[:200])
        if errors or not found:
            raise forms.ValidationError(errors[:10] or _("1 to 500 lines."))
        return found


class HitForm(forms.Form):
    """Whether a SKU is a hit, in every warehouse."""

    is_hit = forms.BooleanField(
        label=_("marked as a hit"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget(),
    )
