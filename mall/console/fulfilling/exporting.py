"""Orders as a file, with the columns its reader may see. Source: requirements O-12, O-53."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from mall.console import spans
from mall.kernel import clock
from mall.kernel.admin import actor_of, csv_response, run_verb, safe_cell
from orders import services
from orders.models import Order
from orders.selectors import Sight, export_header, export_rows, invoiced_in, placed_in

EXPORT = ("orders.view_order", "orders.export_order")
PHONES, COSTS = "orders.export_phones", "catalog.see_cost"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = (("csv", "CSV"), ("xlsx", "XLSX"))
INVOICE = "invoice"


class ExportForm(forms.Form):
    """Which file, of which orders."""

    kind = forms.ChoiceField(label=gettext_lazy("file"), choices=KINDS)
    status = forms.ChoiceField(
        label=gettext_lazy("state"),
        choices=[("", gettext_lazy("all")), *Order.Status.choices],
        required=False,
    )
    by = forms.ChoiceField(
        label=gettext_lazy("these days are"),
        choices=[
            ("", gettext_lazy("days of the order")),
            (INVOICE, gettext_lazy("days the invoice was asked for")),
        ],
        required=False,
    )


@require_safe
@permission_required(EXPORT, raise_exception=True)
def export(request: HttpRequest) -> HttpResponse:
    """The form; with a kind, the file of the orders placed on the chosen days, or of those whose
    invoice was asked for then."""
    at = clock.now()
    chosen = spans.choose(request.GET, clock.day_of(at))
    asked = "kind" in request.GET
    form = ExportForm(request.GET if asked else None)
    sight = sight_of(request)
    if asked and form.is_valid() and not chosen.form.errors:
        start, end = clock.bounds(chosen.first)[0], clock.bounds(chosen.last)[1]
        orders_in = invoiced_in if form.cleaned_data["by"] == INVOICE else placed_in
        orders = orders_in(start=start, end=end, status=form.cleaned_data["status"])
        answer = _file(request, orders, form.cleaned_data["kind"], sight)
        if answer is not None:
            return answer
    context = {
        **admin.site.each_context(request),
        "title": _("Export orders"),
        "chosen": chosen,
        "names": spans.NAMES,
        "form": form,
        "sight": sight,
    }
    return TemplateResponse(request, "admin/orders_export.html", context)


def sight_of(request: HttpRequest) -> Sight:
    """What this operator may take out of the house."""
    user = request.user
    return Sight(phones=user.has_perm(PHONES), costs=user.has_perm(COSTS))


def _file(
    request: HttpRequest, orders: QuerySet[Order], kind: str, sight: Sight
) -> HttpResponse | None:
    """The download, noted in the trail; None when it would be too long."""
    at = clock.now()
    verb = services.note_export
    noted = run_verb(
        request,
        lambda: verb(orders, kind=kind, sight=sight, actor=actor_of(request), at=at),
        _("The export is noted in the audit trail."),
    )
    if not noted:
        return None
    name = f"orders-{clock.day_of(at):%Y%m%d}.{kind}"
    header, rows = export_header(sight), export_rows(orders, sight)
    if kind == "csv":
        return csv_response(name, header, rows)
    return _workbook(name, header, rows)


def _workbook(name: str, header: Sequence[object], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([safe_cell(str(title)) for title in header])
    for row in rows:
        sheet.append([safe_cell(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    response = HttpResponse(content.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
