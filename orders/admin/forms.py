"""What operators type about orders."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from mall.kernel import clock
from mall.kernel.db import refuse_unsafe_text
from orders.models import Carrier, OrderLine, ShipmentTrace
from orders.services.shipping import left_to_ship

PIECES = "pieces_"


class PiecesField(forms.IntegerField):
    """A whole number in plain digits: Python would read full-width ones too."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and not value.isascii():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def _text(label: Any, size: int, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=size,
        required=required,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


class ParcelForm(forms.Form):
    """Who carries it and under which number."""

    carrier = forms.ModelChoiceField(
        label=_("carrier"),
        queryset=Carrier.objects.in_use(),
        to_field_name="code",
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
    )
    tracking_no = _text(_("tracking number"), 40)


def parcel_form(lines: Iterable[OrderLine]) -> type[forms.Form]:
    """A ParcelForm that also asks how many pieces of each line go; what is left is filled in."""
    fields: dict[str, Any] = {}
    for line in lines:
        left = left_to_ship(line)
        if left:
            fields[f"{PIECES}{line.pk}"] = PiecesField(
                label=f"{line.title_zh} · {line.sku_code}",
                min_value=0,
                max_value=left,
                initial=left,
                widget=UnfoldAdminIntegerFieldWidget(),
            )
    return type("OrderParcelForm", (ParcelForm,), fields)


def pieces_of(typed: Mapping[str, Any]) -> dict[int, int]:
    """Line id -> pieces, out of a cleaned `parcel_form`."""
    return {
        int(name.removeprefix(PIECES)): number
        for name, number in typed.items()
        if name.startswith(PIECES)
    }


class CloseForm(forms.Form):
    """Why the shop cannot serve an order."""

    reason = _text(_("reason"), 200)


class RemarkForm(forms.Form):
    """Something to remember, if anything."""

    note = _text(_("note"), 200, required=False)


class OutcomeForm(forms.Form):
    """How a task ended."""

    outcome = _text(pgettext_lazy("task", "outcome"), 200)


class NoteForm(forms.Form):
    """What a difference turned out to be."""

    note = _text(_("note"), 200)


class TraceForm(forms.Form):
    """Where a parcel was seen."""

    code = forms.ChoiceField(
        label=_("what"), choices=ShipmentTrace.Code.choices, widget=UnfoldAdminSelectWidget()
    )
    place = _text(_("where"), 80, required=False)
    at = forms.DateTimeField(
        label=_("when"),
        initial=clock.now,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local", "step": "1"}),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"],
    )
