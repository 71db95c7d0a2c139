"""What the sales channels bring, and what led to what was sold. Source: X-55, O-55."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mall.console import spans
from mall.console.coupon_report import percent
from mall.kernel import clock
from orders.selectors import channel_figures, source_figures
from orders.services import Touch

SEE = "orders.view_channel"
TOUCHES = {
    "": gettext_lazy("By themselves"),
    Touch.LIVE: gettext_lazy("Live streams"),
    Touch.CONTENT: gettext_lazy("Content"),
    Touch.RELATED: gettext_lazy("Related goods"),
    Touch.VIDEO: gettext_lazy("Short videos"),
    Touch.RECOMMENDATION: gettext_lazy("Recommendations"),
    Touch.SEARCH: gettext_lazy("Search"),
    Touch.SHARE: gettext_lazy("Shared links"),
    Touch.GROUP: gettext_lazy("Group buys"),
    Touch.AD: gettext_lazy("Advertisements"),
    Touch.STORE: gettext_lazy("Our stores"),
}


@require_safe
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """The report of the chosen days. Queries: 3 of its own."""
    at = clock.now()
    chosen = spans.choose(request.GET, clock.day_of(at))
    span = {"start": clock.bounds(chosen.first)[0], "end": clock.bounds(chosen.last)[1]}
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Sales channels"),
        "chosen": chosen,
        "names": spans.NAMES,
        "channels": [
            {
                "figures": one,
                "share": percent(one.share_bp),
                "conversion": percent(one.conversion_bp),
            }
            for one in channel_figures(**span)
        ],
        "sources": [
            {"figures": one, "title": TOUCHES.get(one.kind, one.kind)}
            for one in source_figures(**span)
        ],
        "at": at,
    }
    return TemplateResponse(request, "admin/channel_report.html", context)
