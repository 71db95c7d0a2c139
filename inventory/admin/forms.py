"""What operators type about stock."""

import re
from datetime import time
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.models import Sku
from inventory.models import StockItem, Warehouse
from mall.kernel import regions
from mall.kernel.db import refuse_unsafe_text

MOST_PIECES = 1_000_000
MOST_LINES = 500
REGION_CODE = RegexValidator(r"^[0-9]{6}([0-9]{3})?\Z", _("A region code of 6 or 9 digits."))
REGION_PREFIXES = RegexValidator(
    r"^\s*[0-9]{2,6}(\s*[,，、\s]\s*[0-9]{2,6})*\s*\Z", _("Region codes of 2 to 6 digits.")
)


CITY_LINE = re.compile(r"([0-9]{4})\s+([01]?[0-9]|2[0-3])[:：]([0-5][0-9])", re.ASCII)


class PiecesField(forms.IntegerField):
    """A whole number in plain digits: Python would read full-width ones too."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and not value.isascii():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def pieces_field(
    label: Any, *, least: int, most: int = MOST_PIECES, initial: int | None = None
) -> PiecesField:
    """So many pieces, and not more."""
    return PiecesField(
        label=label,
        min_value=least,
        initial=initial,
        max_value=most,
        widget=UnfoldAdminIntegerFieldWidget(),
    )


def text_field(label: Any, *, size: int, required: bool = True, hint: Any = "") -> forms.CharField:
    """One line of safe text."""
    return forms.CharField(
        label=label,
        max_length=size,
        required=required,
        help_text=hint,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


class ReceiveForm(forms.Form):
    """Pieces of one SKU that came in."""

    quantity = pieces_field(_("pieces received"), least=1)
    source_id = text_field(
        _("delivery note"),
        size=64,
        hint=_("The same note is booked once, however often it is sent."),
    )
    note = text_field(_("note"), size=200, required=False)


class CountForm(forms.Form):
    """What was counted, and what the list said when counting began."""

    counted = pieces_field(_("pieces counted"), least=0)
    note = text_field(_("note"), size=200, required=False)
    seen_on_hand = forms.IntegerField(widget=forms.HiddenInput)


class WriteOffForm(forms.Form):
    """Pieces that are broken, lost or over their date."""

    quantity = pieces_field(_("pieces to write off"), least=1)
    note = text_field(_("reason"), size=200)
    source_id = forms.CharField(max_length=64, widget=forms.HiddenInput)


class DeliveryForm(forms.Form):
    """A whole delivery: one SKU code and its pieces a line."""

    warehouse = forms.ModelChoiceField(
        Warehouse.objects.filter(is_active=True),
        label=_("warehouse"),
        widget=UnfoldAdminSelectWidget(),
    )
    source_id = text_field(
        _("delivery note"),
        size=64,
        hint=_("The same note is booked once, however often it is sent."),
    )
    lines = forms.CharField(
        label=pgettext_lazy("delivery", "goods"),
        max_length=MOST_LINES * 80,
        help_text=_("One line for each SKU: its code, a space, the pieces."),
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 10}),
    )

    def clean_lines(self) -> dict[int, int]:
        """Pieces by SKU id; every line that is wrong is named."""
        wanted: dict[str, int] = {}
        errors = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            if not line.strip():
                continue
            code, pieces = _parsed(line)
            if not 1 <= pieces <= MOST_PIECES or code in wanted:
                errors.append(
                    _("Line %(number)s: %(line)s") % {"number": number, "line": line[:60]}
                )
            wanted[code] = pieces
        known = dict(Sku.objects.filter(code__in=list(wanted)).values_list("code", "pk"))
        errors += [_("Unknown code: %(code)s") % {"code": c[:60]} for c in wanted if c not in known]
        if errors or not wanted or len(wanted) > MOST_LINES:
            raise forms.ValidationError(errors[:10] or _("1 to 500 lines."))
        return {known[code]: pieces for code, pieces in wanted.items()}


def _parsed(line: str) -> tuple[str, int]:
    """Code and pieces of a line; 0 pieces for one that cannot be read."""
    code, _space, pieces = line.strip().replace("\t", " ").rpartition(" ")
    readable = pieces.isascii() and pieces.isdigit() and len(pieces) <= 7 and code
    return (code.strip(), int(pieces)) if readable else (line.strip(), 0)


class SafetyStockForm(forms.ModelForm):
    """The one figure of a stock row that is typed, not booked."""

    class Meta:
        model = StockItem
        fields = ("safety_stock",)


class WarehouseForm(forms.ModelForm):
    """A warehouse; the regions it serves are typed as codes with commas."""

    served_prefixes = forms.CharField(
        label=_("served regions"),
        required=False,
        max_length=400,
        validators=[REGION_PREFIXES],
        help_text=_("First digits of region codes, with commas: 33, 3101."),
        widget=UnfoldAdminTextInputWidget(),
    )
    region_code = forms.CharField(
        label=_("region"),
        max_length=9,
        validators=[REGION_CODE],
        widget=UnfoldAdminTextInputWidget(),
    )

    class Meta:
        model = Warehouse
        fields = (
            "code",
            "title_zh",
            "title_en",
            "kind",
            "supplier",
            "region_code",
            "served_prefixes",
            "latitude",
            "longitude",
            "priority",
            "parcel_cost_fen",
            "cut_off",
            "is_active",
        )

    next_day_cities = forms.CharField(
        label=_("next-day cities"),
        required=False,
        max_length=2000,
        validators=[refuse_unsafe_text],
        help_text=_(
            "One line for each city: its code of 4 digits, a space, the cut-off: 3301 20:00."
        ),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["served_prefixes"] = ", ".join(self.instance.served_prefixes)
        if self.instance.pk:
            pairs = self.instance.next_day_cities.values_list("city_code", "cut_off")
            self.initial["next_day_cities"] = "\n".join(f"{c} {t:%H:%M}" for c, t in pairs)

    def clean_next_day_cities(self) -> dict[str, time]:
        """Cut-offs by city; every line that is wrong is named."""
        found: dict[str, time] = {}
        wrong = []
        for number, line in enumerate(self.cleaned_data["next_day_cities"].splitlines(), 1):
            read = CITY_LINE.fullmatch(line.strip())
            if line.strip() and (read is None or regions.find(read[1]) is None):
                wrong.append(_("Line %(number)s: %(line)s") % {"number": number, "line": line[:60]})
            elif read:
                found[read[1]] = time(int(read[2]), int(read[3]))
        if wrong:
            raise forms.ValidationError(wrong[:10])
        return found

    def clean_served_prefixes(self) -> list[str]:
        text = self.cleaned_data["served_prefixes"]
        for comma in "，、":
            text = text.replace(comma, ",")
        return sorted(set(text.replace(",", " ").split()))
