"""What operators type about after-sales cases."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from inventory.models import Grade, Supplier, Warehouse
from mall.kernel.db import refuse_unsafe_text
from mall.kernel.db.fields import YuanFormField
from orders.admin.forms import PiecesField
from orders.models import AfterSaleLine

AMOUNT, GRADED, PART = "amount_", "graded_", "part_"


def _text(label: Any, size: int, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=size,
        required=required,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


class ReasonForm(forms.Form):
    """Why the answer is no; the buyer reads it."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class CompensationForm(forms.Form):
    """How much for the trouble, and why."""

    amount_fen = YuanFormField(label=_("amount"), min_value=1)
    reason = _text(_("reason"), 200)


def answer_form(suppliers: Iterable[Supplier]) -> type[forms.Form]:
    """Who answered, and what."""
    choices = [(supplier.pk, str(supplier)) for supplier in suppliers]
    fields = {
        "supplier": forms.TypedChoiceField(
            label=_("supplier"), choices=choices, coerce=int, widget=UnfoldAdminSelectWidget()
        ),
        "note": _text(_("note"), 160, required=False),
    }
    return type("AnswerForm", (forms.Form,), fields)


class PlainForm(forms.Form):
    """Nothing but yes."""


def approval_form(rows: Iterable[AfterSaleLine], freight_fen: int) -> type[forms.Form]:
    """One amount a line, filled in with its share and never more; freight where some comes back."""
    fields: dict[str, Any] = {}
    for row in rows:
        if row.entitled_fen:
            fields[f"{AMOUNT}{row.pk}"] = YuanFormField(
                label=f"{row.line.title_zh} × {row.quantity}",
                min_value=0,
                max_value=row.entitled_fen,
                initial=row.entitled_fen,
            )
    if freight_fen:
        fields["freight_fen"] = YuanFormField(
            label=_("freight that comes back"),
            min_value=0,
            max_value=freight_fen,
            initial=freight_fen,
        )
    fields["note"] = _text(_("note"), 200, required=False)
    return type("ApprovalForm", (forms.Form,), fields)


def amounts_of(typed: Mapping[str, Any]) -> dict[int, int]:
    """Case line id -> fen, out of a cleaned approval."""
    return {
        int(name.removeprefix(AMOUNT)): fen
        for name, fen in typed.items()
        if name.startswith(AMOUNT)
    }


def inspection_form(rows: Iterable[AfterSaleLine]) -> type[forms.Form]:
    """How many pieces of each line have which grade, where they go, what sending back cost."""
    fields: dict[str, Any] = {}
    for row in rows:
        sent = row.quantity - row.unshipped
        if sent and row.line.parts:
            for part in row.line.parts:
                name = f"{PART}{row.pk}_{part['sku_id']}"
                words = f"{row.line.title_zh} · {part['title_zh']} ({part['code']})"
                fields |= _graded(name, words, sent * part["quantity"])
        elif sent:
            fields |= _graded(f"{GRADED}{row.pk}", row.line.title_zh, sent)
    fields["warehouse"] = forms.ModelChoiceField(
        label=_("into warehouse"),
        queryset=Warehouse.objects.filter(is_active=True).order_by("priority", "pk"),
        widget=UnfoldAdminSelectWidget(),
    )
    fields["return_freight_fen"] = YuanFormField(
        label=_("return freight"), min_value=0, initial=0, required=False
    )
    fields["note"] = _text(_("note"), 200, required=False)
    return type("InspectionForm", (forms.Form,), fields)


def _graded(name: str, words: str, sent: int) -> dict[str, PiecesField]:
    """One number a grade; all that was sent is taken for good until somebody types otherwise."""
    return {
        f"{name}_{grade.value}": PiecesField(
            label=f"{words} · {grade.label}",
            min_value=0,
            max_value=sent,
            initial=sent if grade == Grade.A else 0,
            widget=UnfoldAdminIntegerFieldWidget(),
        )
        for grade in Grade
    }


def part_grades_of(typed: Mapping[str, Any]) -> dict[int, dict[int, dict[str, int]]]:
    """Case line id -> SKU id -> grade -> pieces of the parts of bundles."""
    found: dict[int, dict[int, dict[str, int]]] = {}
    for name, number in typed.items():
        if name.startswith(PART):
            line_id, sku_id, grade = name.removeprefix(PART).split("_")
            parts = found.setdefault(int(line_id), {}).setdefault(int(sku_id), {})
            if number:
                parts[grade] = number
    return found


def grades_of(typed: Mapping[str, Any]) -> dict[int, dict[str, int]]:
    """Case line id -> grade -> pieces, out of a cleaned inspection."""
    found: dict[int, dict[str, int]] = {}
    for name, number in typed.items():
        if name.startswith(GRADED) and number:
            line_id, _line, grade = name.removeprefix(GRADED).partition("_")
            found.setdefault(int(line_id), {})[grade] = number
    return found
