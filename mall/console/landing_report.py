"""What landing pages bring: visits, who joined of them, who of those ordered; by channel. X-13."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from mall.kernel import clock
from orders.selectors import landing_buyers
from promotions.selectors import landing_figures

DAYS = 30
FULL_BP = 10_000


def show(request: HttpRequest) -> HttpResponse:
    """The last thirty days. Queries: 2 beside those of the frame."""
    if not request.user.has_perm("promotions.view_landingpage"):
        raise PermissionDenied
    until = clock.now()
    since = until - timedelta(days=DAYS)
    buyers = landing_buyers(since, until)
    rows = [
        {
            "row": row,
            "ordered": (ordered := buyers.get((row.landing, row.variant, row.channel), 0)),
            "joined_bp": _share(row.registered, row.visits),
            "ordered_bp": _share(ordered, row.visits),
        }
        for row in landing_figures(since, until)
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("What landing pages bring"),
        "rows": rows,
        "days": DAYS,
    }
    return TemplateResponse(request, "admin/landing_report.html", context)


def _share(part: int, whole: int) -> str:
    """A rate in per cent with one decimal; a dash of nothing."""
    if not whole:
        return "–"
    tenths = (part * FULL_BP // whole + 5) // 10
    return f"{tenths // 10}.{tenths % 10}"
