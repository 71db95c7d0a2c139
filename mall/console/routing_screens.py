"""Which warehouses serve which province; how delivery promises were kept. Source: I-15, O-52."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inventory.selectors import coverage
from mall.console import spans
from mall.console.coupon_report import percent
from mall.kernel import clock
from mall.kernel.words import localized
from orders.selectors import Punctuality, punctuality

SEE_HOUSES = "inventory.view_warehouse"
SEE_PROMISES = "inventory.view_allocationlog"


def routing_urls(view: Any) -> list[URLPattern]:
    """The pages, each behind the site's own door."""
    return [
        path("coverage/", view(covered), name="coverage"),
        path("promises/", view(promises), name="promises"),
    ]


@require_safe
@permission_required(SEE_HOUSES, raise_exception=True)
def covered(request: HttpRequest) -> HttpResponse:
    """Each province and its warehouses in the order asked. Queries: 2 of its own."""
    rows = [
        {
            "region": row.region,
            "serving": [localized(house, "title") for house in row.serving],
            "others": [localized(house, "title") for house in row.others],
        }
        for row in coverage()
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Coverage of the warehouses"),
        "rows": rows,
    }
    return TemplateResponse(request, "admin/coverage.html", context)


@require_safe
@permission_required(SEE_PROMISES, raise_exception=True)
def promises(request: HttpRequest) -> HttpResponse:
    """On-time rates of the orders paid on the chosen days. Queries: 2 of its own."""
    at = clock.now()
    chosen = spans.choose(request.GET, clock.day_of(at))
    context = {
        **admin.site.each_context(request),
        "title": _("Delivery promises"),
        "chosen": chosen,
        "names": spans.NAMES,
        "rows": [_kept(row) for row in punctuality(chosen.first, chosen.last, at)],
        "at": at,
    }
    return TemplateResponse(request, "admin/promises.html", context)


def _kept(row: Punctuality) -> dict[str, Any]:
    return {
        "row": row,
        "warehouse": localized(row.warehouse, "title"),
        "promise": row.promise.label,
        "percent": percent(row.on_time_bp),
    }
