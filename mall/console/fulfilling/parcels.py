"""Parcels by file: tried first, sent then, every row with what came of it. Source: O-18."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanSwitchWidget

from mall.kernel import clock
from mall.kernel.admin import actor_of
from mall.kernel.errors import ShopError
from orders import services
from orders.services import RowResult

SHIP = ("orders.view_order", "orders.add_shipment")
OUTCOMES: dict[str, str | Promise] = {
    "shipped": gettext_lazy("sent"),
    "would_ship": gettext_lazy("would be sent"),
    "known": gettext_lazy("known already"),
    "bad": gettext_lazy("not sent"),
}


class ParcelsForm(forms.Form):
    """A file, and whether it is only tried."""

    file = forms.FileField(label=gettext_lazy("CSV file"), widget=UnfoldAdminFileFieldWidget())
    is_trial = forms.BooleanField(
        label=gettext_lazy("only try, send nothing"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SHIP, raise_exception=True)
def upload(request: HttpRequest) -> HttpResponse:
    """The form; after a file, each parcel with its outcome."""
    form = ParcelsForm(request.POST or None, request.FILES or None)
    results: list[RowResult] = []
    refusal = ""
    if form.is_valid():
        try:
            results = _run(request, form.cleaned_data["file"], form.cleaned_data["is_trial"])
        except ShopError as error:
            refusal = str(error)
    context = {
        **admin.site.each_context(request),
        "title": _("Parcels by file"),
        "form": form,
        "refusal": refusal,
        "results": [_shown(result) for result in results],
        "good": sum(result.outcome != "bad" for result in results),
    }
    return TemplateResponse(request, "admin/parcels_file.html", context)


def _run(request: HttpRequest, file: UploadedFile, is_trial: bool) -> list[RowResult]:
    content = file.read(services.MOST_BYTES + 1)
    rows = services.read_parcels(content)
    return services.ship_rows(rows, actor=actor_of(request), at=clock.now(), is_trial=is_trial)


def _shown(result: RowResult) -> dict[str, Any]:
    return {
        "lines": ", ".join(str(line) for line in result.lines),
        "number": result.order_number,
        "outcome": result.outcome,
        "words": OUTCOMES[result.outcome],
        "why": result.why,
    }
