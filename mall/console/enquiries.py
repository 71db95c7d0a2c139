"""What questions before buying bring, by who answered them. Source: X-61."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.console import spans
from mall.console.coupon_report import percent
from mall.kernel import clock
from orders.selectors import enquiry_figures

SEE = "members.view_ticket"


@require_safe
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """The report of the chosen days. Queries: 1 of its own."""
    at = clock.now()
    chosen = spans.choose(request.GET, clock.day_of(at))
    start, end = clock.bounds(chosen.first)[0], clock.bounds(chosen.last)[1]
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("What enquiries bring"),
        "chosen": chosen,
        "names": spans.NAMES,
        "agents": [
            {"figures": one, "share": percent(one.share_bp)} for one in enquiry_figures(start, end)
        ],
        "at": at,
    }
    return TemplateResponse(request, "admin/enquiries.html", context)
