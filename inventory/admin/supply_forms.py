"""What operators type about suppliers, their goods, purchase orders and statements."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from inventory.admin.forms import DeliveryForm, pieces_field, text_field
from inventory.errors import SupplierDocumentRefused
from inventory.models import (
    PurchaseOrder,
    Supplier,
    SupplierAgreement,
    SupplierDocument,
    Warehouse,
)
from inventory.services import Delivered, file_of

MONTH = r"20[0-9]{2}-(0[1-9]|1[0-2])"


class PaperFileForm(forms.ModelForm):
    """An upload is looked at before it is kept."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        try:
            return file_of(file)
        except SupplierDocumentRefused as error:
            raise forms.ValidationError(str(error)) from error


class AgreementForm(PaperFileForm):
    """What was signed."""

    class Meta:
        model = SupplierAgreement
        fields = (
            "supplier",
            "number",
            "starts_on",
            "ends_on",
            "is_active",
            "ships_within_hours",
            "answers_within_minutes",
            "return_freight_bp",
            "quality_bp",
            "dropship_fee_fen",
            "liability",
            "file",
        )


class SupplierDocumentForm(PaperFileForm):
    """A licence or certificate."""

    class Meta:
        model = SupplierDocument
        fields = ("supplier", "title", "number", "file", "starts_on", "expires_on")


class ReasonForm(forms.Form):
    """Why."""

    reason = text_field(_("reason"), size=200)


class StockFileForm(forms.Form):
    """A list of codes and pieces."""

    reference = text_field(
        _("reference"), size=64, hint=_("The same one is taken in once, however often it is sent.")
    )
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("One row for each SKU: its code, a comma, the pieces. At most 1 MB."),
        widget=UnfoldAdminFileFieldWidget(),
    )


def _house() -> forms.ModelChoiceField:
    own = Warehouse.objects.filter(is_active=True, supplier=None)
    label = pgettext_lazy("purchase", "for")
    return forms.ModelChoiceField(own, label=label, widget=UnfoldAdminSelectWidget())


class HouseForm(forms.Form):
    """Where ordered goods shall come."""

    warehouse = _house()


class PurchaseForm(DeliveryForm):
    """A purchase order by hand, one SKU a line."""

    source_id = None  # type: ignore[assignment]
    supplier = forms.ModelChoiceField(
        Supplier.objects.orderable(), label=_("supplier"), widget=UnfoldAdminSelectWidget()
    )
    warehouse = _house()
    note = text_field(_("note"), size=200, required=False)
    field_order = ("supplier", "warehouse", "lines", "note")


class GoodsForm(DeliveryForm):
    """The goods of a draft, written anew."""

    source_id = None  # type: ignore[assignment]
    warehouse = None  # type: ignore[assignment]


class PurchaseArrivalForm(forms.Form):
    """Pieces of each line that came; built for one purchase order."""

    note_number = text_field(
        _("delivery note"),
        size=40,
        hint=_("The same note is booked once, however often it is sent."),
    )

    @classmethod
    def of(cls, order: PurchaseOrder) -> type["PurchaseArrivalForm"]:
        """A form with two fields a line that is still open."""
        fields: dict[str, Any] = {}
        for line in order.lines.select_related("sku").order_by("pk"):
            if not line.left:
                continue
            code = {"sku": line.sku.code}
            fields[f"accepted_{line.pk}"] = pieces_field(
                _("%(sku)s: taken in") % code, least=0, most=line.left, initial=line.left
            )
            fields[f"refused_{line.pk}"] = pieces_field(
                _("%(sku)s: failed inspection") % code, least=0, initial=0
            )
        return type("ArrivalOfPurchase", (cls,), fields)

    def clean(self) -> dict[str, Any]:
        """What came, by line id."""
        typed = super().clean() or self.cleaned_data
        ids = [name.removeprefix("accepted_") for name in self.fields if name[:9] == "accepted_"]
        delivered = {
            int(pk): Delivered(typed.get(f"accepted_{pk}") or 0, typed.get(f"refused_{pk}") or 0)
            for pk in ids
        }
        came = {pk: part for pk, part in delivered.items() if part.accepted or part.refused}
        if not came and not self.errors:
            raise forms.ValidationError(_("Nothing arrived."))
        return {**typed, "delivered": came}


class StatementForm(forms.Form):
    """Whose month is drawn."""

    supplier = forms.ModelChoiceField(
        Supplier.objects.all(), label=_("supplier"), widget=UnfoldAdminSelectWidget()
    )
    month = forms.RegexField(
        MONTH + r"\Z",
        label=_("month"),
        help_text=_("As 2026-10."),
        widget=UnfoldAdminTextInputWidget(),
    )


class PaidForm(forms.Form):
    """How it was paid."""

    bank_reference = text_field(_("bank reference"), size=60)
